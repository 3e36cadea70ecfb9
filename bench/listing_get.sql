-- One listing as the API reads it; the ids are drawn evenly from all that the fill has made.
\set id random(:first, :last)
select
    r.listing_id, r.kind, r.status, r.title, r.description, r.category_id, r.subcategory_id,
    r.brand_id, r.brand_label, r.part_number, r.condition, r.place_id, r.attributes, r.currency,
    r.price_minor, r.wholesale_price_minor, r.wholesale_min_quantity, r.stock_quantity,
    r.seller_user_id, r.seller_shop_id, r.seller_name, r.cover_key, r.published_at, r.updated_at,
    r.version, r.ad_text, r.ad_url
from market.listing_get(p_listing => :id) as r;
