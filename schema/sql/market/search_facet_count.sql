-- Guarantees: the values of every facet among the newest p_rows listings that match the terms, read
-- once: a row counts for a facet when no filter but those that are off for it keeps the row out. The
-- row of the facet "" says how many were read. Locks nothing. For the bits see search_facet_filters.

create or replace function market.search_facet_count(
    p_terms tsquery,
    p_filters jsonb,
    p_attributes text[],
    p_rows integer
)
returns table (facet text, attribute text, value text, count bigint)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
begin
    return query
    with found as materialized (
        select
            r.listing_id, r.price_minor, r.kind, r.category_id, r.subcategory_id, r.brand_id,
            r.place_id, r.condition, r.currency, r.is_in_stock, r.misses
        from market.search_facet_rows(p_terms, p_filters) as r
        order by r.published_at desc, r.listing_id desc
        limit p_rows
    )
    select '', null::text, null::text, count(*) from found
    union all
    select 'kind', null, f.kind, count(*) from found as f where f.misses & ~7 = 0 group by f.kind
    union all
    select 'category', null, f.category_id::text, count(*)
    from found as f where f.misses & ~6 = 0 group by f.category_id
    union all
    select 'subcategory', null, f.subcategory_id::text, count(*)
    from found as f where f.misses & ~4 = 0 group by f.subcategory_id
    union all
    select 'brand', null, f.brand_id::text, count(*)
    from found as f where f.misses & ~8 = 0 and f.brand_id is not null group by f.brand_id
    union all
    select 'place', null, f.place_id::text, count(*)
    from found as f where f.misses & ~16 = 0 group by f.place_id
    union all
    select 'condition', null, f.condition, count(*)
    from found as f where f.misses & ~32 = 0 group by f.condition
    union all
    select 'in_stock', null, 'true', count(*)
    from found as f where f.misses & ~64 = 0 and f.is_in_stock having count(*) > 0
    union all
    select 'price', null, market.search_price_step(s.least), sum(s.count)::bigint
    from (
        select min(f.price_minor) as least, count(*) as count
        from found as f
        where f.misses & ~128 = 0
            and f.currency = coalesce(p_filters ->> 'currency', 'RUB')
        group by market_data.search_price_band(f.price_minor), market.search_price_step(f.price_minor)
    ) as s
    group by 3
    union all
    select 'attribute', a.key, a.value, count(*)
    from found as f
    join market_data.listings as l on l.id = f.listing_id
    cross join lateral jsonb_each_text(l.attributes) as a
    where p_attributes is not null
        and a.key = any (p_attributes)
        and f.misses & ~coalesce((
            select k.off from market.search_facet_filters(p_filters) as k
            where k.attribute = a.key), 0) = 0
    group by a.key, a.value;
end
$$;

comment on function market.search_facet_count(tsquery, jsonb, text[], integer) is
    'Step: how many of the newest matches have each value of each facet. Raises: nothing.';
