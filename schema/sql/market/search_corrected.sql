-- Guarantees: a query that finds each word of the given one or a word that looks like it, out of
-- those that stand in published titles, as it is written or as the same keys give it in the other
-- keyboard layout; null when it has no words, and when it has quotes, minus or "or": whoever writes
-- those means what is written. Six words count. Locks nothing.

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
        select t.at, string_agg('(' || v.choice || ')', ' | ') as choice
        from regexp_split_to_table(btrim(v_query), '\s+') with ordinality as t (token, at)
        cross join lateral (
            select string_agg('(' || p.choice || ')', ' & ') as choice
            from (values (t.token, true), (market.search_layout(t.token), false))
                as s (token, is_written)
            cross join lateral (
                select w.word, string_agg(c.query::text, ' | ') as choice
                from regexp_split_to_table(
                    translate(lower(s.token), 'ё', 'е'), '[^[:alnum:]]+') as w (word)
                cross join lateral (
                    select w.word where s.is_written
                    union
                    select k.word from market.search_near_words(w.word) as k
                ) as n
                cross join lateral (
                    select plainto_tsquery('pg_catalog.russian', n.word) as query
                ) as c
                where numnode(c.query) > 0
                group by w.word
            ) as p
            group by s.is_written
        ) as v
        where v.choice is not null
        group by t.at
        order by t.at
        limit 6
    ) as g;
    return v_words;
end
$$;

comment on function market.search_corrected(text) is
    'Step: a query for the words of titles that look like the words of this one; null when it has '
    'none or is not to be guessed at. Raises: nothing.';
