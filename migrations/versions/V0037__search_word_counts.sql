-- How common a word is: of words that look alike the common one is meant, and a saved search is
-- found by the rarest of its lexemes.

alter table market_data.search_words add column listings bigint not null default 1;

comment on column market_data.search_words.listings is
    'In about how many published listings the word stands; counted in a sample by a job.';

-- Beginnings of words, and the common ones among them first.
create index search_words_word_idx on market_data.search_words (word text_pattern_ops);

create table market_data.search_lexemes (
    lexeme text primary key,
    listings bigint not null
);

comment on table market_data.search_lexemes is
    'About how many search entries have a lexeme, for those that more than a few have; counted '
    'in a sample by a job. A lexeme that is not here is rare.';
