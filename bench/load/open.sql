-- Open: a listing, its photos, what it fits, and what others say of its seller.
select l.id as listing
from market_data.listings as l
where l.status = 'published'
    and l.expires_at > ops.clock_now()
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    and l.id >= (select (random() * 0.9 * max(k.id))::bigint from market_data.listings as k)
order by l.id
limit 1 \gset
select coalesce(p.seller_user_id, 0) as seller, coalesce(p.seller_shop_id, 0) as shop
from market.listing_get(p_listing => :listing) as p \gset
select count(r) from market.listing_photo_list(p_listing => :listing) as r;
select count(r) from market.listing_fitment_list(p_listing => :listing) as r;
select r from market.rating_get(
    p_user => nullif(:seller, 0), p_shop => nullif(:shop, 0)) as r;
