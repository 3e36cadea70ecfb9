-- A step: a payment is to go back to the account that it came from. The call goes to the number of
-- that account below zero, because it is no message: who has blocked the bot gets the money, too,
-- and what Telegram refuses is a dead letter. The caller has locked the order. Idempotent by state.
create or replace function market.star_payment_return(p_payment bigint, p_now timestamptz)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_payment record;
begin
    update market_data.star_payments as s
    set state = 'refunding', refund_asked_at = p_now
    where s.id = p_payment
        and s.state in ('applied', 'stray')
    returning s.id, s.telegram_id, s.charge into v_payment;
    if found then
        perform notify.post(
            -v_payment.telegram_id, 'stars.refund', 'stars.refund:' || v_payment.id, p_now,
            jsonb_build_object(
                'payment_id', v_payment.id, 'telegram_id', v_payment.telegram_id,
                'charge', v_payment.charge));
    end if;
end
$$;

comment on function market.star_payment_return(bigint, timestamptz) is
    'Step: asks Telegram to give a payment back. Raises: nothing.';
