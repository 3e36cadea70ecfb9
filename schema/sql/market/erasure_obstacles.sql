-- A step: what a person has to bring to an end before they can be erased: deals that somebody
-- counts on, pieces of theirs that are held for somebody, shops with others in them and no other
-- owner. Reads only.
create or replace function market.erasure_obstacles(p_user bigint)
returns table (reason text, object_type text, object_id text)
language sql
stable
begin atomic
    select 'erasure_deal_open', 'deal', d.id::text
    from market_data.deals as d
    where d.state in ('confirmed', 'handed_over')
        and (d.buyer_id = p_user or d.seller_user_id = p_user or d.seller_shop_id = any (
            market.shops_alone(p_user)))
    union all
    select 'erasure_pieces_held', 'listing', l.id::text
    from unnest(market.listings_of(p_user)) as l (id)
    where market.listing_held(l.id)
    union all
    select 'shop_last_owner', 'shop', m.shop_id::text
    from market_data.shop_members as m
    where m.user_id = p_user
        and m.role = 'owner'
        and exists (
            select
            from market_data.shop_members as o
            where o.shop_id = m.shop_id
                and o.user_id <> p_user)
        and not exists (
            select
            from market_data.shop_members as o
            where o.shop_id = m.shop_id
                and o.user_id <> p_user
                and o.role = 'owner')
    order by 1, 3
    limit 100;
end;

comment on function market.erasure_obstacles(bigint) is
    'Step: what keeps a person from being erased, at most 100 things. Raises: nothing.';
