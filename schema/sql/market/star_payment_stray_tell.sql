-- A step: administrators are told of a payment that pays for nothing.
create or replace function market.star_payment_stray_tell(p_payment bigint, p_now timestamptz)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform notify.tell(
        array(select r.user_id from people.recipients as r where r.role = 'admin'),
        'stars.stray', 'stars.stray:' || p_payment, p_now,
        jsonb_build_object(
            'payment_id', s.id, 'stars', s.stars, 'user_id', s.user_id, 'name', c.display_name))
    from market_data.star_payments as s
    join people.cards as c on c.user_id = s.user_id
    where s.id = p_payment;
end
$$;

comment on function market.star_payment_stray_tell(bigint, timestamptz) is
    'Step: tells administrators of a stray payment. Raises: nothing.';
