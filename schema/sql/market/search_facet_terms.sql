-- Guarantees: what the facets of a search count, as one query: the words, and all filters but at
-- most one; kind, category and subcategory are one of them, since they go off together, and of
-- those the narrowest is asked about. Null is everything. More may match than is counted: prices,
-- and filters that nearly every listing passes, have no part in it. Locks nothing.
--
-- "All but at most one" is built up filter by filter: so far at most one is missing when that was
-- so before and this one is there, or when none was missing before.

create or replace function market.search_facet_terms(p_filters jsonb, p_words tsquery)
returns tsquery
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_always constant tsquery := market.search_filter_terms(
        p_filters - array['kind', 'category', 'subcategory', 'brand', 'place', 'condition',
            'in_stock', 'price_min', 'price_max', 'attributes'], false);
    v_tag tsquery;
    v_all tsquery;
    v_but_one tsquery;
begin
    for v_tag in
        select market.search_quote(g.tag)::tsquery
        from (
            select distinct on (greatest(f.flag, 4)) f.tag, f.flag
            from market.search_facet_filters(p_filters) as f
            where f.tag is not null
            order by greatest(f.flag, 4), f.flag desc
        ) as g
        order by g.flag
    loop
        v_but_one := case
            when v_all is not null then coalesce(v_but_one && v_tag, v_tag) || v_all
        end;
        v_all := coalesce(v_all && v_tag, v_tag);
    end loop;
    v_but_one := coalesce(v_always && v_but_one, v_always, v_but_one);
    return coalesce(p_words && v_but_one, p_words, v_but_one);
end
$$;

comment on function market.search_facet_terms(jsonb, tsquery) is
    'Step: what the facets of a search count, as a query for terms. Raises: nothing.';
