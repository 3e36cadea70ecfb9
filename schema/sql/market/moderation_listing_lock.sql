-- A step: the guard of what a moderator does to a listing outside the queue. Locks the listing, so
-- that two moderators come one after the other.
create or replace function market.moderation_listing_lock(p_actor bigint, p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_own boolean;
begin
    perform people.actor_require(p_actor, 'moderator');

    select market.listing_insider(p_actor, l.id) or l.created_by = p_actor
    into v_is_own
    from market_data.listings as l
    where l.id = p_listing
    for no key update;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'listing_unknown',
            message = 'there is no such listing';
    end if;
    if v_is_own then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'moderation_own_listing',
            message = 'nobody moderates a listing of their own or of their shop';
    end if;
end
$$;

comment on function market.moderation_listing_lock(bigint, bigint) is
    'Step: locks a listing for a moderator. Raises: actor_unknown, actor_blocked, role_required, '
    'listing_unknown, moderation_own_listing.';
