-- A step: the money for an order goes back and nothing of it is shown any more; whoever ordered is
-- told, and Stars are given back. The actor is null when Telegram gave them back by itself. The
-- caller has locked the order. Idempotent by state; tells whether it was paid.
create or replace function market.promotion_money_back(p_actor bigint, p_promotion bigint)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_reference text;
begin
    update market_data.promotions as p
    set payment = 'refunded', updated_at = v_now
    where p.id = p_promotion
        and p.payment = 'paid'
    returning p.payment_reference into v_reference;
    if not found then
        return false;
    end if;
    perform ops.audit_write(p_actor, 'promotion.refund', 'promotion', p_promotion::text, '{}');
    perform market.promotion_tell(p_promotion, 'promotion.refunded', v_now);
    perform market.star_payment_return(s.id, v_now)
    from market_data.star_payments as s
    where s.promotion_id = p_promotion
        and 'stars:' || s.id = v_reference;
    return true;
end
$$;

comment on function market.promotion_money_back(bigint, bigint) is
    'Step: the money for a paid order goes back. Raises: nothing.';
