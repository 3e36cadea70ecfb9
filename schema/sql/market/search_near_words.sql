-- Guarantees: up to five words of published titles that look like this one, the likest first and of
-- equally like ones the commonest; the word itself, when it is one, before all. Words of 3 to 30
-- letters have any. Locks nothing.

create or replace function market.search_near_words(p_word text)
returns table (word text, listings bigint)
language sql
stable
parallel safe
begin atomic
    select k.word, k.listings
    from market_data.search_words as k
    where char_length(p_word) between 3 and 30
        and k.word operator(extensions.%) p_word
    order by extensions.similarity(k.word, p_word) desc, k.listings desc, k.word
    limit 5;
end;

comment on function market.search_near_words(text) is
    'Helper: words of titles that look like a word, best first. Raises: nothing.';
