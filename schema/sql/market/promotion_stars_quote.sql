-- What an order costs in Stars, for an invoice; and with p_stars whether that much may be paid for
-- it now, which Telegram asks before it takes the money. Reads only.
create or replace function market.promotion_stars_quote(
    p_actor bigint,
    p_promotion bigint,
    p_stars integer
)
returns table (
    promotion_id bigint,
    listing_id bigint,
    title text,
    text text,
    currency text,
    price_minor bigint,
    stars integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_order record;
    v_hundred integer;
    v_stars bigint;
begin
    perform people.actor_require(p_actor, 'user');
    select r.promotion_id, r.listing_id, r.title, r.text, r.state, r.payment, r.currency,
        r.price_minor, r.ends_at
    into v_order
    from market.promotion_rows as r
    where r.promotion_id = p_promotion
        and market.listing_insider(p_actor, r.listing_id);
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'promotion_unknown',
            message = 'there is no such order';
    end if;
    if (v_order.state, v_order.payment) is distinct from ('approved', 'unpaid') then
        raise exception using
            errcode = 'ZCONF', constraint = 'promotion_not_payable',
            message = 'only an approved order that is not paid yet is paid';
    end if;
    if v_order.ends_at <= ops.clock_now() then
        raise exception using
            errcode = 'ZINVL', constraint = 'promotion_over',
            message = 'it would end before it begins to run';
    end if;
    v_hundred := ops.setting_integer('stars.hundred_' || lower(v_order.currency), 0);
    if v_hundred <= 0 or v_order.price_minor = 0 then
        raise exception using
            errcode = 'ZCONF', constraint = 'promotion_stars_off',
            message = 'such an order is not paid with Stars';
    end if;
    v_stars := ceil(v_order.price_minor * 100.0 / v_hundred);
    if v_stars > 2147483647 then
        raise exception using
            errcode = 'ZCONF', constraint = 'promotion_stars_off',
            message = 'such an order is not paid with Stars';
    end if;
    if p_stars <> v_stars then
        raise exception using
            errcode = 'ZCONF', constraint = 'promotion_stars_changed',
            message = 'the order costs another number of Stars now', detail = v_stars::text;
    end if;

    return query
    select v_order.promotion_id, v_order.listing_id, v_order.title, v_order.text,
        v_order.currency, v_order.price_minor, v_stars::integer;
end
$$;

comment on function market.promotion_stars_quote(bigint, bigint, integer) is
    'What an approved order costs in Stars, for somebody of its listing; with p_stars only if it '
    'is that much. Raises: actor_unknown, actor_blocked, promotion_unknown, '
    'promotion_not_payable, promotion_over, promotion_stars_off, promotion_stars_changed.';

grant execute on function market.promotion_stars_quote(bigint, bigint, integer)
    to kardan_bot;
