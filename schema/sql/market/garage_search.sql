-- Guarantees: what market.listing_search finds for the same filters and fits a vehicle of the
-- person's own garage, the usual one when none is named: its generation, in its model year when
-- that is known. Locks nothing.

create or replace function market.garage_search(
    p_actor bigint,
    p_vehicle bigint,
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
    p_attributes jsonb,
    p_sort text,
    p_limit integer,
    p_after_key bigint,
    p_after_id bigint
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
declare
    v_car record;
begin
    perform people.actor_known(p_actor);
    select f.generation_id, f.year into v_car from market.garage_fit(p_actor, p_vehicle) as f;

    return query
    select
        l.listing_id, l.kind, l.status, l.title, l.category_id, l.subcategory_id, l.brand_id,
        l.brand_label, l.part_number, l.condition, l.place_id, l.currency, l.price_minor,
        l.wholesale_price_minor, l.wholesale_min_quantity, l.stock_quantity, l.cover_key,
        l.published_at, l.page_key
    from market.listing_search(
        p_query, p_kind, p_category, p_subcategory, p_brand, p_place, p_condition, p_price_min,
        p_price_max, p_currency, p_in_stock, v_car.generation_id, v_car.year, p_attributes,
        p_sort, p_limit, p_after_key, p_after_id, null) as l;
end
$$;

comment on function market.garage_search(
    bigint, bigint, text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean,
    jsonb, text, integer, bigint, bigint) is
    'Published listings that fit a saved vehicle of the person; otherwise as listing_search. A '
    'vehicle without a generation is refused, and the error''s detail names what to choose first: '
    'make_id, model_id or generation_id. Null when not known: brand_id, wholesale_price_minor, '
    'wholesale_min_quantity, cover_key. Raises: actor_unknown, garage_vehicle_unknown, '
    'garage_generation_required, kind_unknown, search_sort_unknown, search_condition_unknown, '
    'search_currency_unknown, search_price_range, search_attributes_shape, '
    'search_attribute_unknown, search_cursor_incomplete.';

grant execute on function market.garage_search(
    bigint, bigint, text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean,
    jsonb, text, integer, bigint, bigint) to kardan_api, kardan_bot;
