-- Guarantees: what the facets of a search count, as queries that share no listing: first what the
-- words and all filters let through, then for each filter what only it keeps out, or it and those
-- that are off with it. Prices have no query: what only they keep out is in all of these. Locks
-- nothing.

create or replace function market.search_facet_branches(p_filters jsonb, p_words tsquery)
returns table (terms tsquery)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_everything constant tsquery :=
        '''=k:part'' | ''=k:car'' | ''=k:service'''::tsquery;
    v_always tsquery := market.search_filter_terms(
        p_filters - array['kind', 'category', 'subcategory', 'brand', 'place', 'condition',
            'in_stock', 'price_min', 'price_max', 'attributes']);
begin
    v_always := coalesce(p_words && v_always, p_words, v_always, v_everything);
    return query
    select coalesce(v_always && b.terms, v_always)
    from (
        select string_agg(market.search_quote(k.tag), ' & ')::tsquery as terms
        from market.search_facet_filters(p_filters) as k
        union all
        select concat_ws(' & ', '!' || market.search_quote(o.tag), (
            select string_agg(market.search_quote(k.tag), ' & ')
            from market.search_facet_filters(p_filters) as k
            where k.flag & o.off = 0))::tsquery
        from market.search_facet_filters(p_filters) as o
        where o.tag is not null
    ) as b;
end
$$;

comment on function market.search_facet_branches(jsonb, tsquery) is
    'Step: what the facets of a search count, as queries that share no listing. Raises: nothing.';
