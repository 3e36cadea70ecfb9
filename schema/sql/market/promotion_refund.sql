-- An administrator gives the money for an order back: Stars by Telegram, other money as they can,
-- and it is recorded here. Nothing of the order is shown any more, and whoever ordered is told.
-- Locks the order. Idempotent by state.
create or replace function market.promotion_refund(
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
    perform people.actor_require(p_actor, 'admin');
    perform market.promotion_lock(p_actor, p_promotion, true);
    if not market.promotion_money_back(p_actor, p_promotion) and exists (
        select
        from market_data.promotions as p
        where p.id = p_promotion
            and p.payment = 'unpaid')
    then
        raise exception using
            errcode = 'ZCONF', constraint = 'promotion_not_paid',
            message = 'the order was not paid';
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

comment on function market.promotion_refund(bigint, bigint) is
    'An administrator records a refund. Raises: actor_unknown, actor_blocked, role_required, '
    'promotion_unknown, promotion_not_paid.';

grant execute on function market.promotion_refund(bigint, bigint)
    to kardan_api, kardan_bot;
