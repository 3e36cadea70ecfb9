-- Guarantees: the page of a listing that anybody may see, or no row. A public read: one select over
-- a granted view, so that it inlines into the caller's statement. Locks nothing.
create or replace function market.listing_get(p_listing bigint)
returns table (
    listing_id bigint,
    kind text,
    status text,
    title text,
    description text,
    category_id bigint,
    subcategory_id bigint,
    brand_id bigint,
    brand_label text,
    part_number text,
    condition text,
    place_id bigint,
    attributes jsonb,
    currency text,
    price_minor bigint,
    wholesale_price_minor bigint,
    wholesale_min_quantity integer,
    stock_quantity integer,
    seller_user_id bigint,
    seller_shop_id bigint,
    seller_name text,
    cover_key text,
    published_at timestamptz,
    updated_at timestamptz,
    version integer,
    ad_text text,
    ad_url text
)
language sql
stable
parallel safe
begin atomic
    select
        p.listing_id, p.kind, p.status, p.title, p.description, p.category_id, p.subcategory_id,
        p.brand_id, p.brand_label, p.part_number, p.condition, p.place_id, p.attributes, p.currency,
        p.price_minor, p.wholesale_price_minor, p.wholesale_min_quantity, p.stock_quantity,
        p.seller_user_id, p.seller_shop_id, p.seller_name, p.cover_key, p.published_at,
        p.updated_at, p.version, p.ad_text, p.ad_url
    from market.listing_page as p
    where p.listing_id = p_listing;
end;

comment on function market.listing_get(bigint) is
    'The page of a listing: published or reserved, its seller not blocked; otherwise no row. Null: '
    'brand_id without a known brand, the wholesale price with its quantity, the seller''s person '
    'or shop, cover_key without photos, the advertisement outside its time. Raises: nothing.';

grant execute on function market.listing_get(bigint) to kardan_api, kardan_bot;
