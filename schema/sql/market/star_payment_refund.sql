-- An administrator gives a payment in Stars back; what it paid for ends at once. Telegram is asked
-- through the outbox. Locks the order. Idempotent by state.
create or replace function market.star_payment_refund(
    p_actor bigint,
    p_payment bigint
)
returns table (
    payment_id bigint,
    state text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_payment record;
begin
    perform people.actor_require(p_actor, 'admin');
    select s.promotion_id, s.user_id, s.stars into v_payment
    from market_data.star_payments as s
    where s.id = p_payment;
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'star_payment_unknown',
            message = 'there is no such payment';
    end if;
    perform
    from market_data.promotions as p
    where p.id = v_payment.promotion_id
    for no key update;
    perform market.promotion_money_back(p_actor, p.id)
    from market_data.promotions as p
    where p.id = v_payment.promotion_id
        and p.payment_reference = 'stars:' || p_payment;
    if exists (
        select
        from market_data.star_payments as s
        where s.id = p_payment
            and s.state in ('applied', 'stray'))
    then
        perform market.star_payment_return(p_payment, v_now);
        perform ops.audit_write(
            p_actor, 'star_payment.refund', 'star_payment', p_payment::text,
            jsonb_build_object('user_id', v_payment.user_id, 'stars', v_payment.stars));
    end if;

    return query
    select s.id, s.state
    from market_data.star_payments as s
    where s.id = p_payment;
end
$$;

comment on function market.star_payment_refund(bigint, bigint) is
    'An administrator gives a payment in Stars back: it is refunding until Telegram has done it. '
    'Raises: actor_unknown, actor_blocked, role_required, star_payment_unknown.';

grant execute on function market.star_payment_refund(bigint, bigint) to kardan_bot;
