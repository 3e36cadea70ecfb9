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
    -- For a branch that says only what must not be there: the index is asked for what is.
    v_everything constant tsquery :=
        '''=k:part'' | ''=k:car'' | ''=k:service'''::tsquery;
    v_always tsquery := market.search_filter_terms(
        p_filters - array['kind', 'category', 'subcategory', 'brand', 'place', 'condition',
            'in_stock', 'price_min', 'price_max', 'attributes']);
begin
    v_always := coalesce(p_words && v_always, p_words, v_always);
    return query
    with filter as materialized (
        select f.tag, f.flag, f.off
        from market.search_facet_filters(p_filters) as f
        where f.tag is not null
    ),
    branch as (
        select null::text as not_tag, string_agg(market.search_quote(k.tag), ' & ') as tags
        from filter as k
        union all
        select market.search_quote(o.tag), (
            select string_agg(market.search_quote(k.tag), ' & ')
            from filter as k
            where k.flag & o.off = 0)
        from filter as o
    )
    select case
            when b.not_tag is null then w.has
            else coalesce(w.has, v_everything) && !!b.not_tag::tsquery
        end
    from branch as b
    cross join lateral (
        select coalesce(
            v_always && b.tags::tsquery, v_always, b.tags::tsquery,
            case when b.not_tag is null then v_everything end) as has
    ) as w;
end
$$;

comment on function market.search_facet_branches(jsonb, tsquery) is
    'Step: what the facets of a search count, as queries that share no listing. Raises: nothing.';
