-- Guarantees: what a saved search matches, and its anchors. Part numbers and their analogues when
-- there is a digit in the query, and words; not what merely begins so, and no guesses at misspelt
-- words: nobody wants to be told of those. Locks nothing.

create or replace function market.saved_search_terms(p_query text, p_filters jsonb)
returns table (terms tsquery, anchors text[])
language plpgsql
stable
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_filters constant tsquery := market.search_filter_terms(p_filters, null);
    v_numbers tsquery;
    v_words tsquery;
begin
    select case when p_query ~ '[0-9]' then coalesce(r.numbers || r.analogues, r.numbers) end,
        r.words
    into v_numbers, v_words
    from market.search_readings(p_query) as r;

    terms := coalesce(v_numbers || v_words, v_numbers, v_words);
    terms := coalesce(terms && v_filters, terms, v_filters);
    if terms is null then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'saved_search_empty',
            column = 'query',
            message = 'a saved search names words or filters';
    end if;
    anchors := market.saved_search_anchors(v_numbers, v_words, v_filters);
    return next;
end
$$;

comment on function market.saved_search_terms(text, jsonb) is
    'Step: what a saved search matches and what finds it. Raises: saved_search_empty.';
