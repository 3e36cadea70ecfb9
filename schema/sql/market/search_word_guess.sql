-- Guarantees: what one word of a query is understood as: itself when titles have it in some form
-- ("same"), else what the same keys give in the other layout ("layout"), else what looks like it
-- ("typo"), else what looks like it in the other layout ("layout_typo"), else itself ("unknown");
-- what has a digit in it is a number and stays. Locks nothing.

create or replace function market.search_word_guess(p_word text)
returns table (understood text, change text, listings bigint)
language plpgsql
stable
rows 1
set search_path = pg_catalog, pg_temp
set client_min_messages = warning
as $$
declare
    v_word constant text := translate(lower(p_word), 'ё', 'е');
    v_other constant text := market.search_layout(p_word);
begin
    return query
    select
        case when g.change in ('same', 'unknown') then p_word else g.word end,
        g.change, g.listings
    from (
        select 1 as place, 'same' as change, v_word as word, null::bigint as listings
        where v_word ~ '[0-9]' or v_word !~ '[[:alpha:]]'
        union all
        select 2, 'same', n.word, n.listings
        from market.search_near_words(v_word) as n
        where plainto_tsquery('pg_catalog.russian', n.word)
            = plainto_tsquery('pg_catalog.russian', v_word)
        union all
        select 3, 'layout', n.word, n.listings
        from market.search_near_words(v_other) as n
        where plainto_tsquery('pg_catalog.russian', n.word)
            = plainto_tsquery('pg_catalog.russian', v_other)
        union all
        select 4, 'typo', n.word, n.listings from market.search_near_words(v_word) as n
        union all
        select 5, 'layout_typo', n.word, n.listings from market.search_near_words(v_other) as n
        union all
        select 6, case when numnode(plainto_tsquery('pg_catalog.russian', v_word)) = 0
            then 'same' else 'unknown' end, v_word, 0
    ) as g
    order by g.place
    limit 1;
end
$$;

comment on function market.search_word_guess(text) is
    'Step: what a word of a query is understood as. Raises: nothing.';
