-- A step of an import: why a statement of fitment is not added: because the listing says exactly
-- that (unchanged, or a duplicate when this very import said it), because it overlaps with another
-- one about the same generation, or because there are too many. Nulls: nothing is in the way. What
-- this import said is known by its person and moment, which is one for the whole transaction.
create or replace function market.listing_fitment_conflict(
    p_actor bigint,
    p_listing bigint,
    p_generation bigint,
    p_year_from integer,
    p_year_to integer
)
returns table (
    outcome text,
    reason text,
    detail text
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    select
        case when k.is_same and not k.is_of_import then 'unchanged' else 'refused' end,
        case
            when not k.is_same then 'fitment_row_overlap'
            when k.is_of_import then 'fitment_row_duplicate'
        end,
        case when not k.is_same then concat_ws('-', coalesce(k.year_from::text, '…'),
            coalesce(k.year_to::text, '…')) end
    into outcome, reason, detail
    from (
        select
            f.year_from, f.year_to,
            (f.year_from, f.year_to) is not distinct from (p_year_from, p_year_to) as is_same,
            f.created_at = v_now and f.added_by = p_actor as is_of_import
        from market_data.listing_fitments as f
        where f.listing_id = p_listing
            and f.generation_id = p_generation
            and int4range(f.year_from, f.year_to, '[]')
                && int4range(p_year_from, p_year_to, '[]')
    ) as k
    order by k.is_same desc, k.year_from nulls first
    limit 1;

    if not found and (
        select count(*) from market_data.listing_fitments as f where f.listing_id = p_listing
    ) >= 100 then
        outcome := 'refused';
        reason := 'listing_fitment_limit';
    end if;
    return next;
end
$$;

comment on function market.listing_fitment_conflict(bigint, bigint, bigint, integer, integer) is
    'Step: what is in the way of a row of an import; nulls when nothing is. Raises: nothing.';
