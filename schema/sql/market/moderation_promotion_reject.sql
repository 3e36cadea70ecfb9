-- A moderator refuses an order, with a reason that its people read. Never one of their own. Locks
-- the order. Idempotent by state.
create or replace function market.moderation_promotion_reject(
    p_actor bigint,
    p_promotion bigint,
    p_reason text
)
returns table (
    promotion_id bigint,
    kind text,
    listing_id bigint,
    title text,
    created_by bigint,
    text text,
    wanted_categories bigint[],
    excluded_categories bigint[],
    begins_at timestamptz,
    ends_at timestamptz,
    impressions_wanted integer,
    state text,
    currency text,
    price_minor bigint,
    payment text,
    paid_at timestamptz,
    reason text,
    posted_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    paused_at timestamptz,
    held_at timestamptz,
    hold_reason text,
    shown bigint,
    clicked bigint,
    created_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');
    perform market.promotion_lock(p_actor, p_promotion, true);
    perform market.promotion_office_require(p_actor, p_promotion);
    update market_data.promotions as p
    set state = 'rejected', reason = btrim(p_reason), decided_by = p_actor,
        decided_at = ops.clock_now(), updated_at = ops.clock_now()
    where p.id = p_promotion
        and p.state <> 'rejected';
    if found then
        perform market.promotion_decided(p_actor, p_promotion, 'promotion.rejected');
    end if;

    return query
    select
        r.promotion_id, r.kind, r.listing_id, r.title, r.created_by, r.text,
        r.wanted_categories, r.excluded_categories, r.begins_at, r.ends_at, r.impressions_wanted,
        r.state, r.currency, r.price_minor, r.payment, r.paid_at, r.reason, r.posted_at,
        r.started_at, r.ended_at, r.paused_at, r.held_at, r.hold_reason, r.shown, r.clicked,
        r.created_at
    from market.promotion_rows as r
    where r.promotion_id = p_promotion;
end
$$;

comment on function market.moderation_promotion_reject(bigint, bigint, text) is
    'A moderator refuses an order with a reason of 3 to 500 characters. Raises: actor_unknown, '
    'actor_blocked, role_required, promotion_unknown, moderation_own_listing, '
    'promotion_move_illegal, promotion_reason_length, promotion_rejected_has_reason.';

grant execute on function market.moderation_promotion_reject(bigint, bigint, text)
    to kardan_api, kardan_bot;
