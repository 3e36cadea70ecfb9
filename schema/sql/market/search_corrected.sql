-- Guarantees: a query that finds each word of the given one or a word that looks like it, out of
-- those that stand in published titles; null when it has no words, and when it has quotes, minus
-- or "or": whoever writes those means what is written. Six words count. Locks nothing.

create or replace function market.search_corrected(p_query text)
returns tsquery
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set client_min_messages = warning
as $$
declare
    v_query constant text := left(p_query, 200);
    v_words tsquery;
begin
    if v_query ~* '"|(^|\s)-|\sor\s' then
        return null;
    end if;

    select string_agg('(' || g.choice || ')', ' & ')::tsquery into v_words
    from (
        select w.at, string_agg('(' || c.query::text || ')', ' | ') as choice
        from regexp_split_to_table(translate(lower(v_query), 'ё', 'е'), '[^[:alnum:]]+')
            with ordinality as w (word, at)
        cross join lateral (
            select w.word
            union
            (select k.word
            from market_data.search_words as k
            where char_length(w.word) between 3 and 30
                and k.word operator(extensions.%) w.word
            order by extensions.similarity(k.word, w.word) desc, k.word
            limit 5)
        ) as n
        cross join lateral (
            select plainto_tsquery('pg_catalog.russian', n.word) as query
        ) as c
        where numnode(c.query) > 0
        group by w.at
        order by w.at
        limit 6
    ) as g;
    return v_words;
end
$$;

comment on function market.search_corrected(text) is
    'Step: a query for the words of titles that look like the words of this one; null when it has '
    'none or is not to be guessed at. Raises: nothing.';
