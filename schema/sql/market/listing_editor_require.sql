-- A step: the guard at the head of every change that its people make to a listing. Locks the
-- membership, then the listing: a member who is being removed either is done first or is out, and
-- two changes of one listing come one after the other.
create or replace function market.listing_editor_require(p_actor bigint, p_listing bigint)
returns table (
    status text,
    version integer,
    updated_at timestamptz
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');
    -- Whose it is never changes, so it may be read before anything is locked.
    perform
    from market_data.listings as l
    join market_data.shop_members as m
        on m.shop_id = l.owner_shop_id
        and m.user_id = p_actor
    where l.id = p_listing
    for key share of m;
    if not market.listing_insider(p_actor, p_listing) then
        perform market.listing_refuse(p_listing);
    end if;

    select l.status, l.version, l.updated_at
    into status, version, updated_at
    from market_data.listings as l
    where l.id = p_listing
    for no key update;
    return next;
end
$$;

comment on function market.listing_editor_require(bigint, bigint) is
    'Step: locks a listing for its owner or a member of its shop and tells its state. '
    'Raises: actor_unknown, actor_blocked, listing_unknown, listing_not_yours.';
