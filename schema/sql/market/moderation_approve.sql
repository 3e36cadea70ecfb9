-- Guarantees: the listing is published by the moderator who holds the item, in the version that
-- they read; the item is closed. The time of the first publication stays when it is published
-- again, and so does its end when that is still to come. What people flagged is dismissed. Pieces
-- that were all taken while the listing waited move it on at once. Its posts in channels are told
-- to senders in the same transaction. Locks the listing, then the item, then the posts. Repeated by
-- the same moderator it changes nothing.
create or replace function market.moderation_approve(
    p_actor bigint,
    p_item bigint,
    p_version integer
)
returns table (
    item_id bigint,
    listing_id bigint,
    status text,
    version integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_listing bigint;
    v_is_repeated boolean;
begin
    select k.listing_id, coalesce(k.decision = 'approved' and k.decided_by = p_actor, false)
    into v_listing, v_is_repeated
    from market.moderation_item_lock(p_actor, p_item) as k;

    if not v_is_repeated then
        perform market.moderation_claim_require(p_actor, p_item, p_version);

        update market_data.listings as l
        set status = 'published', published_at = coalesce(l.published_at, v_now),
            expires_at = market.listing_expiry(
                v_now, l.expires_at, l.category_id, l.subcategory_id),
            rejection_reason = null, rejection_note = null, changed_by = p_actor, updated_at = v_now
        where l.id = v_listing;

        update market_data.moderation_items as i
        set closed_at = v_now, decision = 'approved', decided_by = p_actor,
            claimed_by = null, claimed_until = null
        where i.id = p_item;

        perform market.listing_flags_close(p_actor, v_listing, 'dismissed');
        perform market.reservation_stock_move(p_actor, v_listing, 0);
        perform market.channel_posts_make(v_listing);
        perform market.listing_tell(
            v_listing, 'listing.approved', p_item::text, v_now, market.moderation_edits(p_item));
        perform ops.audit_write(
            p_actor, 'moderation.approve', 'listing', v_listing::text,
            jsonb_build_object('item_id', p_item));
    end if;

    return query
    select p_item, l.id, l.status, l.version
    from market_data.listings as l
    where l.id = v_listing;
end
$$;

comment on function market.moderation_approve(bigint, bigint, integer) is
    'A moderator publishes a claimed listing; version null: not looked at. Gives the listing as '
    'it stands now. Raises: actor_unknown, actor_blocked, role_required, moderation_item_unknown, '
    'moderation_own_listing, moderation_decided, claim_required, version_stale, '
    'listing_move_illegal.';

grant execute on function market.moderation_approve(bigint, bigint, integer)
    to kardan_api, kardan_bot;
