-- Guarantees: everything that a search for these words finds, whichever pass finds it, as one
-- query; null when the words say nothing. As a search does, it takes words that look like those
-- written only when fewer than five listings match. Locks nothing.

create or replace function market.search_query_terms(p_query text, p_filters jsonb)
returns tsquery
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_terms tsquery;
    v_has_words boolean;
    v_filter_terms constant tsquery := market.search_filter_terms(p_filters);
begin
    select market.search_pass_terms(
            'any', t.numbers, t.analogues, t.prefix, t.words, null, null),
        t.words is not null
    into v_terms, v_has_words
    from market.search_readings(p_query) as t;

    if v_has_words then
        select case
            when coalesce(cardinality(f.ids), 0) < 5
                then coalesce(v_terms || market.search_corrected(p_query), v_terms)
            else v_terms
        end into v_terms
        from market.search_newest(
            coalesce(v_terms && v_filter_terms, v_terms), null, p_filters, 'infinity', 0, 5) as f;
    end if;
    return v_terms;
end
$$;

comment on function market.search_query_terms(text, jsonb) is
    'Step: what a search for these words finds, as one query; null for everything. Raises: '
    'nothing.';
