-- Guarantees: what the facets of a search count, as queries that share no listing: first what the
-- words and all filters let through (null: everything), then for each filter what only it keeps
-- out, or it and those that are off with it. Prices, and filters that nearly every listing passes,
-- have no query: what only they keep out is in all of these. Locks nothing.

create or replace function market.search_facet_branches(p_filters jsonb, p_words tsquery)
returns table (terms tsquery)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_always tsquery := market.search_filter_terms(
        p_filters - array['kind', 'category', 'subcategory', 'brand', 'place', 'condition',
            'in_stock', 'price_min', 'price_max', 'attributes'], false);
begin
    v_always := coalesce(p_words && v_always, p_words, v_always);
    return query
    with filter as materialized (
        select f.tag, f.flag, f.off
        from market.search_facet_filters(p_filters) as f
        where f.tag is not null
    ),
    branch as (
        select null::tsquery as without,
            string_agg(market.search_quote(k.tag), ' & ')::tsquery as tags
        from filter as k
        union all
        select !!market.search_quote(o.tag)::tsquery, (
            select string_agg(market.search_quote(k.tag), ' & ')::tsquery
            from filter as k
            where k.flag & o.off = 0)
        from filter as o
    )
    select coalesce(w.has && b.without, w.has, b.without)
    from branch as b
    cross join lateral (
        select coalesce(v_always && b.tags, v_always, b.tags) as has
    ) as w;
end
$$;

comment on function market.search_facet_branches(jsonb, tsquery) is
    'Step: what the facets of a search count, as queries that share no listing. Raises: nothing.';
