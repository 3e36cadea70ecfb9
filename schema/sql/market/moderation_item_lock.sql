-- A step: the guard at the head of whatever a moderator does to one item. Locks the listing,
-- then the item, so that it meets an editing author, a buyer and another moderator one at a
-- time. An item never changes its listing, so the number of the listing may be read before the
-- locks.
create or replace function market.moderation_item_lock(p_actor bigint, p_item bigint)
returns table (
    listing_id bigint,
    decision text,
    decided_by bigint,
    reason text,
    note text
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_own boolean;
begin
    perform people.actor_require(p_actor, 'moderator');

    select
        market.listing_insider(p_actor, l.id)
        or l.created_by = p_actor
        or exists (
            select
            from market_data.moderation_items as s
            where s.id = p_item
                and s.submitted_by = p_actor
        )
    into v_is_own
    from market_data.listings as l
    where l.id = (select i.listing_id from market_data.moderation_items as i where i.id = p_item)
    for no key update;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'moderation_item_unknown',
            message = 'there is no such item in moderation';
    end if;
    if v_is_own then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'moderation_own_listing',
            message = 'nobody moderates a listing of their own or of their shop';
    end if;

    return query
    select i.listing_id, i.decision, i.decided_by, i.reason, i.note
    from market_data.moderation_items as i
    where i.id = p_item
    for no key update;
end
$$;

comment on function market.moderation_item_lock(bigint, bigint) is
    'Step: locks the listing of an item, then the item, for a moderator who does not own it; '
    'decision is null while the item is open. Raises: actor_unknown, actor_blocked, '
    'role_required, moderation_item_unknown, moderation_own_listing.';
