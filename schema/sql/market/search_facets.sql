-- Guarantees: facets of the newest 10000 matches at most; is_exact is true when there are no more than
-- that. Locks nothing. How far back in time 10000 may reach is guessed from the 500 newest entries, and
-- asked again when the guess was too short.

create or replace function market.search_facets(
    p_terms tsquery,
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
    v_most constant integer := 10000;
    v_walk record;
    v_days float8;
    v_window tsquery;
    v_found record;
begin
    select coalesce(cardinality(f.ids), 0) as matches, f.newest,
        greatest(extract(epoch from f.newest - f.oldest)::float8 / 86400, 0.001) as days
    into v_walk
    from market.search_walk(
        p_terms, null, null, null, null, null, 'infinity', 0, 500) as f;
    v_days := v_walk.days * v_most * 1.1 / greatest(v_walk.matches, 1);

    loop
        v_window := market.search_window(v_walk.newest, v_days);
        select
            array_agg(c.facet) as facets, array_agg(c.attribute) as attributes,
            array_agg(c.value) as vals, array_agg(c.count) as counts,
            max(c.count) filter (where c.facet = '') as total
        into v_found
        from market.search_facet_count(
            coalesce(p_terms && v_window, p_terms, v_window,
                '''=k:part'' | ''=k:car'' | ''=k:service'''),
            p_filters, p_attributes, v_most + 1) as c;
        exit when v_found.total > v_most or v_window is null;
        v_days := v_days * least(32, greatest(2, 1.5 * v_most / greatest(v_found.total, 1)));
    end loop;

    return query
    select c.facet, c.attribute, c.value, c.count, v_found.total <= v_most
    from unnest(v_found.facets, v_found.attributes, v_found.vals, v_found.counts)
        as c (facet, attribute, value, count)
    where c.facet <> '';
end
$$;

comment on function market.search_facets(tsquery, jsonb, text[]) is
    'Step: the values of every facet with their counts. Raises: nothing.';
