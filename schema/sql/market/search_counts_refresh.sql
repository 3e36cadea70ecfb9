-- A job: counts in about how many published listings each word and each lexeme stands, from a
-- sample of the entries: a count of all would read the whole market for figures that only order
-- words. Locks nothing but the rows that it changes. Repeated it comes to the same.

create or replace function market.search_counts_refresh()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- some fifty thousand entries
    v_pages constant float8 := greatest(
        pg_relation_size('market_data.search_entries') / 8192.0, 1);
    v_part constant float8 := least(1, 4000 / v_pages);
begin
    update market_data.search_words as k
    set listings = c.listings
    from (
        select w.word, (count(*) / v_part)::bigint as listings
        from market_data.search_entries as e tablesample system (100 * v_part) repeatable (19)
        join market_data.listings as l on l.id = e.listing_id
        cross join unnest(market_data.title_words(l.title || ' ' || l.brand_label)) as w (word)
        group by w.word
    ) as c
    where k.word = c.word
        and k.listings <> c.listings;

    delete from market_data.search_lexemes;
    insert into market_data.search_lexemes (lexeme, listings)
    select x.lexeme, (count(*) / v_part)::bigint
    from market_data.search_entries as e tablesample system (100 * v_part) repeatable (19)
    cross join unnest(tsvector_to_array(e.terms)) as x (lexeme)
    group by x.lexeme
    having count(*) >= 5;
end
$$;

comment on function market.search_counts_refresh() is
    'Counts how common words and lexemes are, in a sample. Raises: nothing.';

grant execute on function market.search_counts_refresh() to kardan_maintenance;
