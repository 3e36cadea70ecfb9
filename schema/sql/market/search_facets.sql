-- Guarantees: facets of all matches, and is_exact, when there are at most 3000; otherwise facets of
-- the newest 3000 to 12000, a stretch of time as a whole. Locks nothing. How far back in time that
-- must reach is guessed from the newest entries, and again from what the first guess has found.

create or replace function market.search_facets(
    p_words tsquery,
    p_filters jsonb,
    p_attributes text[]
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
set search_path = pg_catalog, pg_temp
as $$
declare
    v_most constant integer := 12000;
    v_branches record;
    v_walk record;
    v_days float8;
    v_window tsquery;
    v_found record;
begin
    select array_agg(b.terms) as terms,
        string_agg('(' || b.terms::text || ')', ' | ')::tsquery as whole
    into v_branches
    from market.search_facet_branches(p_filters, p_words) as b;
    select coalesce(cardinality(f.ids), 0) as matches, f.newest,
        greatest(extract(epoch from f.newest - f.oldest)::float8 / 86400, 0.001) as days
    into v_walk
    from market.search_walk(
        v_branches.whole, null, null, null, null, null, 'infinity', 0, 500) as f;
    v_days := v_walk.days * 1000 / greatest(v_walk.matches, 1);

    loop
        v_window := market.search_window(v_walk.newest, v_days);
        select
            array_agg(c.facet) as facets, array_agg(c.attribute) as attributes,
            array_agg(c.value) as vals, array_agg(c.count) as counts,
            max(c.count) filter (where c.facet = '') as total
        into v_found
        from market.search_facet_count(
            v_branches.terms, v_window, p_filters, p_attributes, v_most) as c;
        exit when v_found.total > 3000 or v_window is null;
        v_days := v_days * least(32, greatest(2, 4500.0 / greatest(v_found.total, 1)));
    end loop;

    return query
    select c.facet, c.attribute, c.value, c.count, v_window is null and v_found.total < v_most
    from unnest(v_found.facets, v_found.attributes, v_found.vals, v_found.counts)
        as c (facet, attribute, value, count)
    where c.facet <> '';
end
$$;

comment on function market.search_facets(tsquery, jsonb, text[]) is
    'Step: the values of every facet with their counts. Raises: nothing.';
