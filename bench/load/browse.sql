-- Browse: the categories, what is new in one of them, and a listing of it.
select l.kind, l.category_id as category
from market_data.listings as l
where l.status = 'published'
    and l.expires_at > ops.clock_now()
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    and l.id >= (select (random() * 0.9 * max(k.id))::bigint from market_data.listings as k)
order by l.id
limit 1 \gset
select count(r) from market.listing_search(
    p_query => null, p_kind => :kind, p_category => :category, p_subcategory => null,
    p_brand => null, p_place => null, p_condition => null, p_price_min => null,
    p_price_max => null, p_currency => null, p_in_stock => null, p_generation => null,
    p_year => null, p_attributes => null, p_sort => 'new',
    p_limit => 20, p_after_key => null, p_after_id => null, p_min_rating => null) as r;
select l.id as listing
from market_data.listings as l
where l.status = 'published'
    and l.expires_at > ops.clock_now()
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    and l.id >= (select (random() * 0.9 * max(k.id))::bigint from market_data.listings as k)
order by l.id
limit 1 \gset
select r from market.listing_get(p_listing => :listing) as r;
