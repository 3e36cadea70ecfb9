-- Guarantees: the vehicles that a listing which anybody may see says it fits, at most 100, by make
-- and model. Locks nothing.
create or replace function market.listing_fitment_list(p_listing bigint)
returns table (
    fitment_id bigint,
    generation_id bigint,
    make_name text,
    model_name text,
    generation_name text,
    year_from integer,
    year_to integer,
    note text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select f.id, f.generation_id, g.make_name, g.model_name, g.name, f.year_from, f.year_to, f.note
    from market_data.listing_fitments as f
    cross join lateral catalog.generation_get(f.generation_id) as g
    where f.listing_id = p_listing
        and exists (select from market.listing_public as p where p.listing_id = p_listing)
    order by g.make_name, g.model_name, g.year_from, f.year_from nulls first, f.id;
end
$$;

comment on function market.listing_fitment_list(bigint) is
    'The vehicles that a listing which anybody may see says it fits, by make and model; year_from '
    'and year_to are null for the whole generation. Raises: nothing.';

grant execute on function market.listing_fitment_list(bigint) to kardan_api, kardan_bot;
