-- Guarantees: a query for everything that some facet counts: what matches the words and all filters,
-- or all but those which are off for one facet; null is everything. Locks nothing.

create or replace function market.search_facet_terms(p_filters jsonb, p_words tsquery)
returns tsquery
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_always constant tsquery := market.search_filter_terms(
        p_filters - array['kind', 'category', 'subcategory', 'brand', 'place', 'condition',
            'in_stock', 'price_min', 'price_max', 'attributes']);
    v_some tsquery;
begin
    select case
        when bool_or(b.terms is null) then null
        else string_agg('(' || b.terms || ')', ' | ')::tsquery
    end into v_some
    from (
        select o.off, string_agg(market.search_quote(k.tag), ' & ') as terms
        from market.search_facet_filters(p_filters) as o
        left join market.search_facet_filters(p_filters) as k
            on k.flag & o.off = 0
            and k.tag is not null
        group by o.off
    ) as b;
    v_some := coalesce(v_some && v_always, v_some, v_always);
    return coalesce(p_words && v_some, p_words, v_some);
end
$$;

comment on function market.search_facet_terms(jsonb, tsquery) is
    'Step: what the facets of a search count, as one query; null is everything. Raises: nothing.';
