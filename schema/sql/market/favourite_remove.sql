-- Guarantees: the listing is not among the favourites of the acting person. Whoever is not told of
-- a lower price yet is not told any more. A blocked person may do it too. Idempotent by state.
create or replace function market.favourite_remove(p_actor bigint, p_listing bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    delete from market_data.favourites as f
    where f.user_id = p_actor
        and f.listing_id = p_listing;
end
$$;

comment on function market.favourite_remove(bigint, bigint) is
    'Takes a listing out of a person''s favourites. Raises: actor_unknown.';

grant execute on function market.favourite_remove(bigint, bigint) to kardan_api, kardan_bot;
