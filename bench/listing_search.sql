-- One page of a search as the API reads it. bench/measure/searches.py makes a script of it for each
-- search: names of parameters that the search has become variables, the others null.
select
    r.listing_id, r.kind, r.status, r.title, r.category_id, r.subcategory_id, r.brand_id,
    r.brand_label, r.part_number, r.condition, r.place_id, r.currency, r.price_minor,
    r.wholesale_price_minor, r.wholesale_min_quantity, r.stock_quantity, r.cover_key,
    r.published_at, r.page_key
from market.listing_search(
    p_query => :query, p_kind => :kind, p_category => :category, p_subcategory => :subcategory,
    p_brand => :brand, p_place => :place, p_condition => :condition, p_price_min => :price_min,
    p_price_max => :price_max, p_currency => :currency, p_in_stock => :in_stock,
    p_generation => :generation, p_year => :year, p_attributes => :attributes, p_sort => :sort,
    p_limit => :limit, p_after_key => :after_key, p_after_id => :after_id,
    p_min_rating => :min_rating) as r;
