-- Guarantees: the words of a query in order, the first eight of them, and what each is understood
-- as; a search that finds little looks for these too. Quotes, minus and "or" are left as they are.
-- Locks nothing.

create or replace function market.search_suggest(p_query text)
returns table (
    place integer,
    word text,
    understood text,
    change text,
    listings bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select t.at::integer, t.word, g.understood, g.change, coalesce(g.listings, 0)
    from regexp_split_to_table(btrim(left(coalesce(p_query, ''), 200)), '\s+')
        with ordinality as t (word, at)
    cross join lateral market.search_word_guess(t.word) as g
    where t.word <> ''
        and t.at <= 8
    order by t.at;
end
$$;

comment on function market.search_suggest(text) is
    'Did you mean: each word of a query and what it is understood as. change: same, typo, layout '
    '(the other keyboard layout), layout_typo, unknown; listings: in about how many titles that '
    'word stands. The query as understood is the words in their order. Raises: nothing.';

grant execute on function market.search_suggest(text) to kardan_api, kardan_bot;
