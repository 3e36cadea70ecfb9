-- Search: the first two words of a title, what they are understood as, what they find, its facets.
select concat_ws(' ', split_part(l.title, ' ', 1), split_part(l.title, ' ', 2)) as query
from market_data.listings as l
where l.status = 'published'
    and l.expires_at > ops.clock_now()
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    and l.id >= (select (random() * 0.9 * max(k.id))::bigint from market_data.listings as k)
order by l.id
limit 1 \gset
select r from market.search_suggest(p_query => :query) as r;
select count(r) from market.listing_search(
    p_query => :query, p_kind => null, p_category => null, p_subcategory => null,
    p_brand => null, p_place => null, p_condition => null, p_price_min => null,
    p_price_max => null, p_currency => null, p_in_stock => null, p_generation => null,
    p_year => null, p_attributes => null, p_sort => null,
    p_limit => 20, p_after_key => null, p_after_id => null, p_min_rating => null) as r;
select count(r) from market.listing_facets(
    p_query => :query, p_kind => null, p_category => null, p_subcategory => null,
    p_brand => null, p_place => null, p_condition => null, p_price_min => null,
    p_price_max => null, p_currency => null, p_in_stock => null, p_generation => null,
    p_year => null, p_attributes => null, p_min_rating => null) as r;
