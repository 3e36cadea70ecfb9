-- A step: the guard of reads of a listing's inside. Locks nothing.
create or replace function market.listing_reader_require(p_actor bigint, p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    if not market.listing_reader(p_actor, p_listing)
        or not exists (select from market_data.listings as l where l.id = p_listing)
    then
        perform market.listing_refuse(p_listing);
    end if;
end
$$;

comment on function market.listing_reader_require(bigint, bigint) is
    'Step: lets the owner, a member of the shop and a moderator read the inside of a listing. '
    'Raises: actor_unknown, listing_unknown, listing_not_yours.';
