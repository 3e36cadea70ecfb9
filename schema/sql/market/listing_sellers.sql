-- Guarantees: everybody who is the same seller as a person or a shop: themselves first, then the
-- shops where the person is a member, or the people of the shop; at most 20. One of both is null.
-- Inlines.
create or replace function market.listing_sellers(p_user bigint, p_shop bigint)
returns table (
    user_id bigint,
    shop_id bigint
)
language sql
stable
parallel safe
begin atomic
    (
        select p_user, p_shop
        union all
        (select null, m.shop_id
        from market_data.shop_members as m
        where m.user_id = p_user
        order by m.shop_id)
        union all
        (select m.user_id, null
        from market_data.shop_members as m
        where m.shop_id = p_shop
        order by m.user_id)
    )
    limit 20;
end;

comment on function market.listing_sellers(bigint, bigint) is
    'Helper: a seller under all their names: the person and their shops, or the shop and its '
    'people. Raises: nothing.';
