-- Guarantees: the values of every facet among the listings that the terms match within the window
-- (null: at any time), p_rows of them at most, each read once: a row counts for a facet when no
-- filter but those that are off for it keeps the row out. The row of the facet "" says how many
-- were read. Locks nothing. For the bits see search_facet_filters, for the terms
-- search_facet_terms.

create or replace function market.search_facet_count(
    p_terms tsquery,
    p_window tsquery,
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
declare
    -- Taken out of the filters here, and not in the query: there it would be done for every row.
    v_kind constant text := p_filters ->> 'kind';
    v_category constant bigint := (p_filters ->> 'category')::bigint;
    v_subcategory constant bigint := (p_filters ->> 'subcategory')::bigint;
    v_brand constant bigint := (p_filters ->> 'brand')::bigint;
    v_place constant bigint := (p_filters ->> 'place')::bigint;
    v_condition constant text := p_filters ->> 'condition';
    v_in_stock constant boolean := (p_filters ->> 'in_stock')::boolean;
    v_price_min constant bigint := (p_filters ->> 'price_min')::bigint;
    v_price_max constant bigint := (p_filters ->> 'price_max')::bigint;
    v_year constant integer := (p_filters ->> 'year')::integer;
    v_attributes constant jsonb := p_filters -> 'attributes';
    v_also constant tsquery := ('''=m:' || (p_filters ->> 'currency') || '''')::tsquery;
    v_currency constant text := coalesce(p_filters ->> 'currency', 'RUB');
    -- 100 to 199, 200 to 499, 500 to 999 and so on, in hundredths.
    v_steps constant bigint[] := array(
        select u.unit * (10::numeric ^ d.digits)::bigint
        from generate_series(2, 12) as d (digits), unnest(array[1, 2, 5]) as u (unit)
        order by 1);
begin
    return query
    with found as materialized (
        select
            r.listing_id, r.kind, r.category_id, r.subcategory_id, r.brand_id, r.place_id,
            r.condition, r.is_in_stock, r.misses,
            case when r.currency = v_currency then width_bucket(r.price_minor, v_steps) end as step
        from market.search_facet_rows(
            market.search_indexed(p_terms, p_window), v_kind, v_category, v_subcategory, v_brand,
            v_place, v_condition, v_in_stock, v_price_min, v_price_max,
            (p_filters ->> 'generation')::bigint, v_year, v_attributes, v_also) as r
        limit p_rows
    ),
    grouped as (
        select f.kind, f.category_id, f.subcategory_id, f.brand_id, f.place_id, f.condition,
            f.is_in_stock, f.step, f.misses, count(*) as count,
            grouping(f.kind, f.category_id, f.subcategory_id, f.brand_id, f.place_id, f.condition,
                f.is_in_stock, f.step) as columns
        from found as f
        group by f.misses, grouping sets ((f.kind), (f.category_id), (f.subcategory_id),
            (f.brand_id), (f.place_id), (f.condition), (f.is_in_stock), (f.step))
    ),
    named as (
        select s.facet, g.count, coalesce(
            g.kind, g.category_id::text, g.subcategory_id::text, g.brand_id::text,
            g.place_id::text, g.condition, case when g.is_in_stock then 'true' end,
            case when g.step is not null then coalesce(v_steps[g.step], 0) || '-'
                || coalesce(v_steps[g.step + 1], 10000000000000) - 1 end) as value
        from grouped as g
        join (values (127, 'kind', 7), (191, 'category', 6), (223, 'subcategory', 4),
            (239, 'brand', 8), (247, 'place', 16), (251, 'condition', 32), (253, 'in_stock', 64),
            (254, 'price', 128)) as s (columns, facet, off) on s.columns = g.columns
        where g.misses & ~s.off = 0
    )
    select n.facet, null::text, n.value, sum(n.count)::bigint
    from named as n where n.value is not null group by n.facet, n.value
    union all
    select 'attribute', a.key, a.value, count(*)
    from found as f
    join market_data.listings as l on l.id = f.listing_id
    cross join lateral jsonb_each_text(l.attributes) as a
    where p_attributes is not null and f.misses & 255 = 0 and a.key = any (p_attributes)
        and f.misses & ~coalesce((
            select k.off from market.search_facet_filters(p_filters) as k
            where k.attribute = a.key), 0) = 0
    group by a.key, a.value
    union all select '', null, null, count(*) from found;
end
$$;

comment on function market.search_facet_count(
    tsquery, tsquery, jsonb, text[], integer) is
    'Step: how many of the matches have each value of each facet. Raises: nothing.';
