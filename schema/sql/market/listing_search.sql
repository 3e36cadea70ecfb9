-- Guarantees: only what is published and whose seller is not blocked; an order that new listings
-- do not disturb, so that nothing comes twice and nothing is left out between two pages; a short
-- or empty page only at the end. What was searched for is a value, never a part of the statement.
-- Locks nothing. The order of work: filters are checked, market.search_find finds one page of
-- ids, and their rows are read here.

create or replace function market.listing_search(
    p_query text,
    p_kind text,
    p_category bigint,
    p_subcategory bigint,
    p_brand bigint,
    p_place bigint,
    p_condition text,
    p_price_min bigint,
    p_price_max bigint,
    p_currency text,
    p_in_stock boolean,
    p_generation bigint,
    p_year integer,
    p_attributes jsonb,
    p_sort text,
    p_limit integer,
    p_after_key bigint,
    p_after_id bigint,
    p_min_rating integer
)
returns table (
    listing_id bigint,
    kind text,
    status text,
    title text,
    category_id bigint,
    subcategory_id bigint,
    brand_id bigint,
    brand_label text,
    part_number text,
    condition text,
    place_id bigint,
    currency text,
    price_minor bigint,
    wholesale_price_minor bigint,
    wholesale_min_quantity integer,
    stock_quantity integer,
    cover_key text,
    published_at timestamptz,
    page_key bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.search_attributes_require(p_attributes, coalesce(p_subcategory, p_category));

    return query
    select
        l.listing_id, l.kind, l.status, l.title, l.category_id, l.subcategory_id, l.brand_id,
        l.brand_label, l.part_number, l.condition, l.place_id, l.currency, l.price_minor,
        l.wholesale_price_minor, l.wholesale_min_quantity, l.stock_quantity, l.cover_key,
        l.published_at, f.page_key
    from market.search_find(
        p_query,
        market.search_filters(
            p_kind, p_category, p_subcategory, p_brand, p_place, p_condition, p_price_min,
            p_price_max, p_currency, p_in_stock, p_generation, p_year, p_attributes, p_sort,
            p_min_rating),
        p_sort, p_limit, p_after_key, p_after_id) as f
    join market.listing_public as l on l.listing_id = f.listing_id
    order by f.place;
end
$$;

comment on function market.listing_search(
    text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean, bigint,
    integer, jsonb, text, integer, bigint, bigint, integer) is
    'Published listings: by text in Russian and English, by part number in any spelling and its '
    'analogues, by filters (null: any); sorted by relevance, new, price or -price. Prices are '
    'compared within one currency, roubles unless another is named. At most 100 a page; the next '
    'one follows page_key and listing_id of the last row. Null when not known: brand_id, '
    'wholesale_price_minor, wholesale_min_quantity, cover_key. Raises: kind_unknown, '
    'search_sort_unknown, search_condition_unknown, search_currency_unknown, '
    'search_price_range, search_rating_range, search_year_needs_generation, '
    'search_attributes_shape, search_attribute_unknown, search_cursor_incomplete.';

grant execute on function market.listing_search(
    text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean, bigint,
    integer, jsonb, text, integer, bigint, bigint, integer) to kardan_api, kardan_bot;
