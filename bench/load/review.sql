-- Review: a deal as in deal.sql, then the buyer says what the seller was like.
\set stars random(3, 5)
select u.id as person
from people_data.users as u
where u.role = 'user'
    and not exists (select from people.blocked as b where b.user_id = u.id)
    and u.id >= (select (random() * 0.9 * max(k.id))::bigint from people_data.users as k)
order by u.id
limit 1 \gset
select l.id as listing, coalesce(l.owner_user_id, (
    select min(m.user_id)
    from market_data.shop_members as m
    where m.shop_id = l.owner_shop_id and m.role = 'owner')) as seller
from market_data.listings as l
where l.status = 'published'
    and l.expires_at > ops.clock_now()
    and l.stock_quantity > 3
    and l.owner_user_id is distinct from :person
    and not exists (
        select from market_data.shop_members as m
        where m.shop_id = l.owner_shop_id and m.user_id = :person)
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    and l.id >= (select (random() * 0.9 * max(k.id))::bigint from market_data.listings as k)
order by l.id
limit 1 \gset
select d.deal_id as deal
from market.deal_request(p_actor => :person, p_listing => :listing, p_quantity => 1) as d \gset
select r from market.deal_confirm(p_actor => :seller, p_deal => :deal) as r;
select r from market.deal_hand_over(p_actor => :seller, p_deal => :deal) as r;
select r from market.deal_complete(p_actor => :person, p_deal => :deal) as r;
select r from market.review_write(
    p_actor => :person, p_deal => :deal, p_stars => :stars::integer,
    p_text => 'Всё подошло, спасибо!') as r;
select count(r) from market.review_list_of_deal(p_actor => :person, p_deal => :deal) as r;
