-- A step: the guard of changes of a listing's fitment. Tells whether the listing is the acting
-- person's own (or their shop's), and otherwise lets only moderators pass. Locks the listing; for
-- its people also what market.listing_editable_require locks.
create or replace function market.listing_fitment_lock(p_actor bigint, p_listing bigint)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if market.listing_insider(p_actor, p_listing)
        or not people.actor_has_role(p_actor, 'moderator')
    then
        perform market.listing_editable_require(p_actor, p_listing);
        return true;
    end if;

    perform
    from market_data.listings as l
    where l.id = p_listing
    for no key update;
    if not found then
        perform market.listing_refuse(p_listing);
    end if;
    return false;
end
$$;

comment on function market.listing_fitment_lock(bigint, bigint) is
    'Step: locks a listing for its people or for a moderator and tells whether it is the person''s '
    'own. Raises: actor_unknown, actor_blocked, listing_unknown, listing_not_yours, '
    'listing_not_editable, listing_under_review.';
