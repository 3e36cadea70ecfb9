-- A moderator lets an order run again that one held; whether its people have paused it is theirs.
-- Never one of their own. Locks the order. Idempotent by state.
create or replace function market.moderation_promotion_release(
    p_actor bigint,
    p_promotion bigint
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
    perform market.promotion_state_require(p_promotion, array['approved']);
    update market_data.promotions as p
    set held_at = null, held_by = null, hold_reason = null, updated_at = ops.clock_now()
    where p.id = p_promotion
        and p.held_at is not null;
    if found then
        perform market.promotion_decided(p_actor, p_promotion, 'promotion.released');
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

comment on function market.moderation_promotion_release(bigint, bigint) is
    'A moderator lets an order run again. Raises: actor_unknown, actor_blocked, role_required, '
    'promotion_unknown, moderation_own_listing, promotion_move_illegal.';

grant execute on function market.moderation_promotion_release(bigint, bigint)
    to kardan_api, kardan_bot;
