-- A step of an import: a batch's rows are judged, and those that are possible are written in one
-- statement: a listing takes its first hundred vehicles in the order of the file. The caller has
-- locked the listings.
create or replace function market.listing_fitment_store(
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
    has_note boolean,
    outcome text,
    reason text,
    detail text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with judged as materialized (
        select
            j.place, j.row_number, j.listing_id, j.generation_id, j.year_from, j.year_to, j.note,
            j.outcome, j.reason, j.detail
        from market.listing_fitment_judge(
            p_actor, p_listing, p_shop, p_rows, p_listings, p_makes, p_models, p_generations,
            p_years_from, p_years_to, p_notes) as j
    ),
    ranked as materialized (
        select
            j.place,
            row_number() over (partition by j.listing_id order by j.place) + (
                select count(*)
                from market_data.listing_fitments as f
                where f.listing_id = j.listing_id) as ordinal
        from judged as j
        where j.outcome = 'added'
    ),
    added as (
        insert into market_data.listing_fitments (
            listing_id, generation_id, year_from, year_to, note, added_by, created_at)
        select
            j.listing_id, j.generation_id, j.year_from, j.year_to, j.note, p_actor, ops.clock_now()
        from judged as j
        join ranked as r on r.place = j.place
        where r.ordinal <= 100
        order by j.place
    )
    select
        j.place, j.row_number, j.listing_id, j.note <> '',
        case when r.ordinal > 100 then 'refused' else j.outcome end,
        case when r.ordinal > 100 then 'listing_fitment_limit' else j.reason end,
        j.detail
    from judged as j
    left join ranked as r on r.place = j.place
    order by j.place;
end
$$;

comment on function market.listing_fitment_store(
    bigint, bigint, bigint, integer[], text[], text[], text[], text[], text[], text[], text[]) is
    'Step: writes the possible rows of a batch and tells what became of each. Raises: nothing.';
