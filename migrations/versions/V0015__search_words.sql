-- The words of published titles: what a misspelt word of a search is corrected to.

create function market_data.title_words(p_text text)
returns text[]
language sql
immutable
strict
parallel safe
return array(
    select distinct w.word
    from unnest(
        regexp_split_to_array(translate(lower(p_text), 'ё', 'е'), '[^[:alpha:]]+')) as w (word)
    where char_length(w.word) between 3 and 30
    order by w.word);

comment on function market_data.title_words(text) is
    'The words of a text, each once and in order: three letters or more, lower case, ё as е, no '
    'digits.';

create table market_data.search_words (
    word text primary key,
    constraint search_word_length check (char_length(word) between 3 and 30)
);

comment on table market_data.search_words is
    'Every word that stood in the title or the brand of a published listing. Grows only: a '
    'language has few words beside its listings, so a typo is looked for here, not in titles.';

create index search_words_word_trgm_idx
    on market_data.search_words using gin (word extensions.gin_trgm_ops);

create function market_data.search_words_record()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- In order, so that two listings with the same new words wait for each other and do not
    -- deadlock.
    insert into market_data.search_words (word)
    select w.word
    from unnest(market_data.title_words(new.title || ' ' || new.brand_label)) as w (word)
    where not exists (select from market_data.search_words as k where k.word = w.word)
    order by w.word
    on conflict do nothing;
    return null;
end
$$;

comment on function market_data.search_words_record() is
    'Trigger: remembers the words of a listing that is published.';

create trigger listings_search_words
after insert or update of status, title, brand_label on market_data.listings
for each row when (new.status = 'published')
execute function market_data.search_words_record();
