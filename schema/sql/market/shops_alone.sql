-- Guarantees: the shops in which a person is the only member. Reads only.
create or replace function market.shops_alone(p_user bigint)
returns bigint[]
language sql
stable
parallel safe
return array(
    select m.shop_id
    from market_data.shop_members as m
    where m.user_id = p_user
        and not exists (
            select
            from market_data.shop_members as o
            where o.shop_id = m.shop_id
                and o.user_id <> p_user)
    order by m.shop_id
);

comment on function market.shops_alone(bigint) is
    'Helper: the shops that are a person''s alone. Raises: nothing.';
