-- Guarantees: what a person has paid in Stars, and what went back.
create or replace function market.export_star_payments(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        s.id::text,
        jsonb_build_object(
            'charge', s.charge, 'stars', s.stars, 'state', s.state, 'payload', s.payload,
            'telegram_id', s.telegram_id, 'promotion_id', s.promotion_id, 'paid_at', s.paid_at,
            'refund_asked_at', s.refund_asked_at, 'refunded_at', s.refunded_at)
    from market_data.star_payments as s
    where s.user_id = p_user
        and s.id > coalesce(p_after::bigint, 0)
    order by s.id
    limit p_limit;
end;

comment on function market.export_star_payments(bigint, text, integer) is
    'Helper: what a person has paid in Stars, for the export. Raises: nothing.';
