-- Guarantees: for the same search as market.listing_search, how many of its listings have each
-- value that a filter can take: with all filters on but the facet's own, none of them zero. Only
-- what a search finds is counted. Up to 2000 matches all are; when there are more, the newest 2000
-- or more are, is_exact is false and each count means "so many or more". Locks nothing. One pass:
-- every facet is counted from the same rows.

create or replace function market.listing_facets(
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
    p_min_rating integer
)
returns table (
    facet text,
    attribute text,
    value text,
    count bigint,
    is_exact boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_filters constant jsonb := market.search_filters(
        p_kind, p_category, p_subcategory, p_brand, p_place, p_condition, p_price_min,
        p_price_max, p_currency, p_in_stock, p_generation, p_year, p_attributes, null,
        p_min_rating);
    v_attributes constant text[] := array(
        select e.key
        from catalog.category_get(p_subcategory) as c
        cross join lateral catalog.attribute_effective(c.kind, c.id) as e
        where e.type in ('choice', 'boolean')
            and e.filterable);
begin
    perform market.search_attributes_require(p_attributes, coalesce(p_subcategory, p_category));

    return query
    select r.facet, r.attribute, r.value, r.count, r.is_exact
    from (
        select f.facet, f.attribute, f.value, f.count, f.is_exact,
            row_number() over (
                partition by f.facet, f.attribute order by f.count desc, f.value) as place
        from market.search_facets(p_query, v_filters, nullif(v_attributes, '{}')) as f
    ) as r
    where r.place <= 50
    order by r.facet, r.attribute, r.place;
end
$$;

comment on function market.listing_facets(
    text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean, bigint,
    integer, jsonb, integer) is
    'How many listings of a search each value of each filter leaves: kind, category, subcategory, '
    'brand, place, condition, in_stock, price (least and greatest in hundredths, as 20000-49999), '
    'attribute (those of the subcategory asked about that are for filters and have fixed values; '
    'else attribute is null). The 50 most frequent values of each, the most frequent first. '
    'is_exact false: so many or more. Raises: kind_unknown, search_condition_unknown, '
    'search_currency_unknown, search_price_range, search_rating_range, '
    'search_year_needs_generation, search_attributes_shape, search_attribute_unknown.';

grant execute on function market.listing_facets(
    text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean, bigint,
    integer, jsonb, integer) to kardan_api, kardan_bot;
