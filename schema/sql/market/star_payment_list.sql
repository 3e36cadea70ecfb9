-- Payments in Stars, the latest first. Reads only.
create or replace function market.star_payment_list(
    p_actor bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    payment_id bigint,
    user_id bigint,
    name text,
    stars integer,
    state text,
    promotion_id bigint,
    title text,
    paid_at timestamptz,
    refunded_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select s.id, s.user_id, c.display_name, s.stars, s.state, s.promotion_id, l.title, s.paid_at,
        s.refunded_at
    from market_data.star_payments as s
    join people.cards as c on c.user_id = s.user_id
    left join market_data.promotions as p on p.id = s.promotion_id
    left join market_data.listings as l on l.id = p.listing_id
    where p_after is null or s.id < p_after
    order by s.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.star_payment_list(bigint, integer, bigint) is
    'Payments in Stars for administrators, 1 to 100 at a time (20), after the given one; order and '
    'title are null when it is known for none. Raises: actor_unknown, actor_blocked, '
    'role_required.';

grant execute on function market.star_payment_list(bigint, integer, bigint)
    to kardan_bot;
