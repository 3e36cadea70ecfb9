-- Guarantees: what a shop calls a listing of its own, for whoever sees the listing from the inside.
-- Locks nothing.
create or replace function market.listing_code_get(p_actor bigint, p_listing bigint)
returns table (listing_id bigint, code text, version integer)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform market.listing_reader_require(p_actor, p_listing);

    return query
    select l.id, l.code, l.version
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_code_get(bigint, bigint) is
    'The shop''s own code of a listing, for its people and moderators; null while it has none. '
    'Raises: actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_code_get(bigint, bigint) to kardan_api;
