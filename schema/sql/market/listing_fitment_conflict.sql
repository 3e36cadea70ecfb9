-- Guarantees: what becomes of a statement of fitment for these years beside those that its listing
-- makes about the same generation, given as three arrays of one order: unchanged when one of them
-- says exactly that, or a duplicate when this very import said it; refused when it overlaps with
-- one; else added. Nulls: all years of the generation. Inlines.
create or replace function market.listing_fitment_conflict(
    p_froms integer[],
    p_tos integer[],
    p_are_of_import boolean[],
    p_year_from integer,
    p_year_to integer
)
returns table (
    outcome text,
    reason text,
    detail text
)
language sql
immutable
parallel safe
begin atomic
    select
        case
            when k.is_same is null then 'added'
            when k.is_same and not k.is_of_import then 'unchanged'
            else 'refused'
        end,
        case
            when not k.is_same then 'fitment_row_overlap'
            when k.is_of_import then 'fitment_row_duplicate'
        end,
        case when not k.is_same then concat_ws('-', coalesce(k.year_from::text, '…'),
            coalesce(k.year_to::text, '…')) end
    from (select) as one
    left join lateral (
        select
            o.year_from, o.year_to, o.is_of_import,
            (o.year_from, o.year_to) is not distinct from (p_year_from, p_year_to) as is_same
        from unnest(p_froms, p_tos, p_are_of_import) as o (year_from, year_to, is_of_import)
        where int4range(o.year_from, o.year_to, '[]') && int4range(p_year_from, p_year_to, '[]')
        order by is_same desc, o.year_from nulls first
        limit 1
    ) as k on true;
end;

comment on function market.listing_fitment_conflict(
    integer[], integer[], boolean[], integer, integer) is
    'Helper: what is in the way of a row of an import. Raises: nothing.';
