-- Telegram has given a payment back, because it was asked to or by itself: what it paid for ends,
-- and who paid is told. Locks the order. Idempotent by state.
create or replace function market.star_payment_refunded(p_charge text)
returns table (
    payment_id bigint
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
    perform
    from market_data.promotions as p
    where p.id = (
        select s.promotion_id from market_data.star_payments as s where s.charge = p_charge)
    for no key update;
    update market_data.star_payments as s
    set state = 'refunded', refunded_at = v_now
    where s.charge = p_charge
        and s.state <> 'refunded'
    returning s.id, s.user_id, s.stars, s.promotion_id into v_payment;
    if not found then
        return;
    end if;
    perform market.promotion_money_back(null, p.id)
    from market_data.promotions as p
    where p.id = v_payment.promotion_id
        and p.payment_reference = 'stars:' || v_payment.id;
    perform notify.tell(
        array[v_payment.user_id], 'stars.refunded', 'stars.refunded:' || v_payment.id, v_now,
        jsonb_build_object(
            'payment_id', v_payment.id, 'stars', v_payment.stars,
            'promotion_id', v_payment.promotion_id,
            'title', (
                select r.title
                from market.promotion_rows as r
                where r.promotion_id = v_payment.promotion_id)));

    return query
    select v_payment.id;
end
$$;

comment on function market.star_payment_refunded(text) is
    'Telegram gave a payment back: its number, or nothing when that was known or it was never '
    'told of. Raises: nothing.';

grant execute on function market.star_payment_refunded(text) to kardan_bot;
