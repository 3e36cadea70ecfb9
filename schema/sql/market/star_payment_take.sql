-- Telegram has taken Stars: they pay for the order that the invoice was for, or are kept as a stray
-- payment of which administrators are told. A payment is never refused, because the money is
-- gone already; it is not compared with the price again, which Telegram asked for before. Locks the
-- order. Idempotent by the number of the charge.
create or replace function market.star_payment_take(
    p_actor bigint,
    p_telegram_id bigint,
    p_charge text,
    p_payload text,
    p_stars integer
)
returns table (
    payment_id bigint,
    state text,
    promotion_id bigint,
    listing_id bigint,
    title text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_promotion bigint := substring(p_payload from '^promotion:([0-9]{1,18})$')::bigint;
    v_payment bigint;
begin
    perform people.actor_known(p_actor);
    select p.id into v_promotion
    from market_data.promotions as p
    where p.id = v_promotion
    for no key update;
    insert into market_data.star_payments as s (
        charge, user_id, telegram_id, payload, stars, promotion_id, state, paid_at)
    values (
        p_charge, p_actor, p_telegram_id, coalesce(p_payload, ''), p_stars, v_promotion, 'stray',
        v_now)
    on conflict (charge) do nothing
    returning s.id into v_payment;

    if v_payment is not null then
        update market_data.promotions as p
        set payment = 'paid', payment_reference = 'stars:' || v_payment, paid_at = v_now,
            updated_at = v_now
        where p.id = v_promotion
            and p.state = 'approved'
            and p.payment = 'unpaid'
            and p.ends_at > v_now;
        if found then
            update market_data.star_payments as s set state = 'applied' where s.id = v_payment;
            perform market.promotion_tell(v_promotion, 'promotion.paid', v_now);
        else
            perform market.star_payment_stray_tell(v_payment, v_now);
        end if;
    end if;

    return query
    select s.id, s.state, s.promotion_id, l.id, l.title
    from market_data.star_payments as s
    left join market_data.promotions as p on p.id = s.promotion_id
    left join market_data.listings as l on l.id = p.listing_id
    where s.charge = p_charge;
end
$$;

comment on function market.star_payment_take(bigint, bigint, text, text, integer) is
    'A payment in Stars that Telegram tells of, from which account and with what its invoice '
    'carried: state is applied, or stray when it pays for nothing; the order is null when none is '
    'known. Raises: actor_unknown.';

grant execute on function market.star_payment_take(bigint, bigint, text, text, integer)
    to kardan_bot;
