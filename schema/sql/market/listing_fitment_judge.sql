-- A step of an import: what becomes of each row of a batch, as if one came after the other: refused
-- with its reason, unchanged when the listing says exactly that, or to be added. Two statements
-- about one generation of a listing do not overlap in years. What the listings say is read once,
-- and rows are compared in memory; what this import said in an earlier batch is known by its person
-- and moment, which is one for the whole transaction. That a listing has room is not looked at
-- here. The caller has locked the listings.
create or replace function market.listing_fitment_judge(
    p_actor bigint,
    p_listing bigint,
    p_shop bigint,
    p_rows integer[],
    p_listings text[],
    p_makes text[],
    p_models text[],
    p_generations text[],
    p_years_from text[],
    p_years_to text[],
    p_notes text[]
)
returns table (
    place integer,
    row_number integer,
    listing_id bigint,
    generation_id bigint,
    year_from integer,
    year_to integer,
    note text,
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
    v_row record;
    v_listing bigint;
    v_generation bigint;
    v_froms integer[];
    v_tos integer[];
    v_are_of_import boolean[];
begin
    for v_row in
        select
            r.place, r.row_number, r.listing_id, r.generation_id, r.year_from, r.year_to, r.note,
            r.reason, r.detail, f.froms, f.tos, f.are_of_import
        from market.listing_fitment_read(
            p_listing, p_shop, p_rows, p_listings, p_makes, p_models, p_generations, p_years_from,
            p_years_to, p_notes) as r
        cross join lateral (
            select
                array_agg(o.year_from) as froms, array_agg(o.year_to) as tos,
                array_agg(o.created_at = v_now and o.added_by = p_actor) as are_of_import
            from market_data.listing_fitments as o
            where o.listing_id = r.listing_id
                and o.generation_id = r.generation_id
                and r.reason is null
        ) as f
        order by r.reason is not null, r.listing_id, r.generation_id, r.place
    loop
        select v_row.place, v_row.row_number, v_row.listing_id, v_row.generation_id,
            v_row.year_from, v_row.year_to, v_row.note, 'refused', v_row.reason, v_row.detail
        into place, row_number, listing_id, generation_id, year_from, year_to, note, outcome,
            reason, detail;
        if reason is null then
            if (listing_id, generation_id) is distinct from (v_listing, v_generation) then
                v_listing := listing_id;
                v_generation := generation_id;
                v_froms := v_row.froms;
                v_tos := v_row.tos;
                v_are_of_import := v_row.are_of_import;
            end if;
            select c.outcome, c.reason, c.detail into outcome, reason, detail
            from market.listing_fitment_conflict(
                v_froms, v_tos, v_are_of_import, year_from, year_to) as c;
            if outcome = 'added' then
                v_froms := v_froms || year_from;
                v_tos := v_tos || year_to;
                v_are_of_import := v_are_of_import || true;
            end if;
        end if;
        return next;
    end loop;
end
$$;

comment on function market.listing_fitment_judge(
    bigint, bigint, bigint, integer[], text[], text[], text[], text[], text[], text[], text[]) is
    'Step: what becomes of each row of an import: added, unchanged or refused, in no order. '
    'Raises: nothing.';
