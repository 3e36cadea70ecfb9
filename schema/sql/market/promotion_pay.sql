-- An administrator records the payment of an approved order, and its people are told. Locks the
-- order. Idempotent by the reference of the payment, which pays for one order only.
create or replace function market.promotion_pay(
    p_actor bigint,
    p_promotion bigint,
    p_reference text
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
    update market_data.promotions as p
    set payment = 'paid', payment_reference = btrim(p_reference), paid_at = ops.clock_now(),
        updated_at = ops.clock_now()
    where p.id = p_promotion
        and p.state = 'approved'
        and p.payment = 'unpaid';
    if found then
        perform ops.audit_write(
            p_actor, 'promotion.pay', 'promotion', p_promotion::text,
            jsonb_build_object('reference', p_reference));
        perform market.promotion_tell(p_promotion, 'promotion.paid', ops.clock_now());
    elsif not exists (
        select
        from market_data.promotions as p
        where p.id = p_promotion
            and p.payment_reference = btrim(p_reference))
    then
        raise exception using
            errcode = 'ZCONF', constraint = 'promotion_not_payable',
            message = 'only an approved order that is not paid yet is paid';
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

comment on function market.promotion_pay(bigint, bigint, text) is
    'An administrator records that an order is paid, under the reference of the payment. Raises: '
    'actor_unknown, actor_blocked, role_required, promotion_unknown, promotion_not_payable, '
    'promotion_payment_once, promotion_reference_length, promotion_paid_whole.';

grant execute on function market.promotion_pay(bigint, bigint, text)
    to kardan_api, kardan_bot;
