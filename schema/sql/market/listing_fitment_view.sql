-- Guarantees: the vehicles that a listing in any state says it fits, by make and model, for its
-- people and for moderators; no row for anybody else. Locks nothing.
create or replace function market.listing_fitment_view(p_actor bigint, p_listing bigint)
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
    perform people.actor_known(p_actor);

    return query
    select f.id, f.generation_id, g.make_name, g.model_name, g.name, f.year_from, f.year_to, f.note
    from market_data.listing_fitments as f
    cross join lateral catalog.generation_get(f.generation_id) as g
    where f.listing_id = p_listing
        and market.listing_reader(p_actor, p_listing)
    order by g.make_name, g.model_name, g.year_from, f.year_from nulls first, f.id;
end
$$;

comment on function market.listing_fitment_view(bigint, bigint) is
    'The vehicles that a listing says it fits, for its owner, members of its shop and moderators; '
    'no row for others. year_from and year_to are null for the whole generation. Raises: '
    'actor_unknown.';

grant execute on function market.listing_fitment_view(bigint, bigint) to kardan_api, kardan_bot;
