-- What anybody may see of one listing that anybody may see: market.listing_public without what only
-- search needs. Runs with its owner's rights, and is a security barrier: a caller's condition is
-- evaluated on visible rows only, so that not even its error message tells of a draft. A comparison
-- of the number passes the barrier to the primary key.
create or replace view market.listing_page
with (security_barrier = true)
as
select
    p.listing_id,
    p.kind,
    p.status,
    p.title,
    p.description,
    p.category_id,
    p.subcategory_id,
    p.brand_id,
    p.brand_label,
    p.part_number,
    p.condition,
    p.place_id,
    p.attributes,
    p.currency,
    p.price_minor,
    p.wholesale_price_minor,
    p.wholesale_min_quantity,
    p.stock_quantity,
    p.seller_user_id,
    p.seller_shop_id,
    p.seller_name,
    p.cover_key,
    p.published_at,
    p.updated_at,
    p.version,
    p.ad_text,
    p.ad_url
from market.listing_public as p;

comment on view market.listing_page is 'The pages of listings that anybody may see.';

grant select on market.listing_page to kardan_api, kardan_bot;
