-- Guarantees: facets of all matches, and is_exact, when there are at most 2000; otherwise facets of
-- the newest 2000 to 6000, a stretch of time as a whole. As a search does, it takes words that
-- look like those written only when fewer than five listings match. Locks nothing. How far back in
-- time to count is guessed from the newest 2000 entries, and again from what the first guess has
-- found; what is rare among them is counted as a whole. A count that meets its ceiling has left
-- the newest out, so a shorter stretch is counted instead.

create or replace function market.search_facets(
    p_query text,
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
    v_most constant integer := 6000;
    v_terms tsquery;
    v_has_words boolean;
    v_counted tsquery;
    v_walk record;
    v_days float8;
    v_window tsquery;
    v_is_cut boolean := false;
    v_found record;
begin
    select market.search_pass_terms('any', t.numbers, t.analogues, t.prefix, t.words, null, null),
        t.words is not null
    into v_terms, v_has_words
    from market.search_readings(p_query) as t;

    loop
        v_counted := market.search_facet_terms(p_filters, v_terms);
        select coalesce(cardinality(f.ids), 0) as matches, f.newest,
            greatest(extract(epoch from f.newest - f.oldest)::float8 / 86400, 0.001) as days
        into v_walk
        from market.search_walk(
            v_counted, null, null, null, null, null, 'infinity', 0, 2000) as f;
        v_days := case
            when v_walk.matches < 5 then 1e6
            else v_walk.days * 2600 / v_walk.matches
        end;

        loop
            v_window := market.search_window(v_walk.newest, v_days);
            select
                array_agg(c.facet) as facets, array_agg(c.attribute) as attributes,
                array_agg(c.value) as vals, array_agg(c.count) as counts,
                max(c.count) filter (where c.facet = '') as total,
                -- every listing has a condition: so many let all filters through
                coalesce(sum(c.count) filter (where c.facet = 'condition'
                    and c.value = coalesce(p_filters ->> 'condition', c.value)), 0) as matches
            into v_found
            from market.search_facet_count(
                v_counted, v_window, p_filters, p_attributes, v_most) as c;
            if v_found.total < v_most then
                exit when v_found.total > 2000 or v_window is null or v_is_cut;
                v_days := v_days * least(32, greatest(2, 3500.0 / greatest(v_found.total, 1)));
            else
                exit when v_days <= 1;
                v_is_cut := true;
                v_days := least(v_days, 384) / 3;
            end if;
        end loop;

        exit when v_found.matches >= 5 or not v_has_words;
        v_has_words := false;
        v_terms := v_terms || market.search_corrected(p_query);
        exit when v_terms is null;
    end loop;

    return query
    select c.facet, c.attribute, c.value, c.count, v_window is null and v_found.total < v_most
    from unnest(v_found.facets, v_found.attributes, v_found.vals, v_found.counts)
        as c (facet, attribute, value, count)
    where c.facet <> '';
end
$$;

comment on function market.search_facets(text, jsonb, text[]) is
    'Step: the values of every facet with their counts. Raises: nothing.';
