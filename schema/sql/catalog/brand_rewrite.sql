-- Guarantees: 0 or 1 row: when the first or the last words of a query, three at most, are a
-- spelling of a brand, the brand's own name where it is spelt otherwise, and the query without
-- them. The longest spelling wins, and the first words before the last. Locks nothing.

create or replace function catalog.brand_rewrite(p_query text)
returns table (
    other_name text,
    rest text
)
language sql
stable
parallel safe
begin atomic
    select
        case when catalog_data.name_normalise(b.name) <> s.synonym_norm then b.name end,
        c.rest
    from (select regexp_split_to_array(btrim(p_query), '\s+') as pieces) as q
    cross join lateral (select cardinality(q.pieces) as count) as k
    cross join generate_series(1, 3) as n (words)
    cross join lateral (
        values
            (1, q.pieces[1 : n.words], q.pieces[n.words + 1 :]),
            (2, q.pieces[k.count - n.words + 1 :], q.pieces[: k.count - n.words])
    ) as w (ordinal, spelling, others)
    cross join lateral (select array_to_string(w.others, ' ') as rest) as c
    join catalog_data.brand_synonyms as s
        on s.synonym_norm = catalog_data.name_normalise(array_to_string(w.spelling, ' '))
    join catalog_data.brands as b on b.id = s.brand_id
    where n.words <= k.count
    order by n.words desc, w.ordinal
    limit 1;
end;

comment on function catalog.brand_rewrite(text) is
    'Helper: a query whose first or last words are a brand: other_name is the brand''s own name, '
    'null when it is spelt so already; rest is what is left, which may be empty. Raises: nothing.';
