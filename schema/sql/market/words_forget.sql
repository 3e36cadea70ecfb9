-- A step of erasure: rare words of titles whose stem no published listing has are not offered any
-- more to whoever mistypes. What many have is nobody's. One that is published again comes back.
-- Asks the index of what is published once a rare word.
create or replace function market.words_forget(p_words text[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from market_data.search_words as w
    where w.word = any (p_words)
        and w.listings < 1000
        and not exists (
            select
            from market_data.search_entries as e
            where e.terms @@ plainto_tsquery('pg_catalog.russian', w.word));
end
$$;

comment on function market.words_forget(text[]) is
    'Step: forgets rare words of titles that nobody publishes. Raises: nothing.';
