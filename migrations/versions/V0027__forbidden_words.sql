-- Words that are not to stand in a listing, however they are disguised. The keys of the words are
-- generated columns, so what makes them is load-bearing.

create function market_data.text_plain(p_text text)
returns text
language sql
immutable strict parallel safe
return regexp_replace(
    replace(
        -- To see that nothing is to be done costs a third of doing it.
        lower(case when p_text is nfkc normalized then p_text else normalize(p_text, nfkc) end),
        'ё', 'е'),
    -- what nobody sees: soft hyphen, joiners, directions, combining marks
    '[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u0338]',
    '', 'g');

comment on function market_data.text_plain(text) is
    'A text as it is compared: one form of every letter, lower case, ё as е, nothing invisible.';

create function market_data.text_as_russian(p_text text)
returns text
language sql
immutable strict parallel safe
return translate(
    p_text,
    'abcehikmnoprstuxyz034689@$іїєўґѕјһӏ',
    'авсеникмпоргстихузозчбвяасииеугсйнл');

comment on function market_data.text_as_russian(text) is
    'A plain text whose Latin letters, digits and signs are read as the Russian letters that they '
    'look like; every character stays in its place.';

create function market_data.text_as_english(p_text text)
returns text
language sql
immutable strict parallel safe
return translate(
    p_text,
    'авекмнорстухгпиьіїєѕјһӏ013456789@$',
    'abekmhopctyxrnubiiesjhloieasgtbgas');

comment on function market_data.text_as_english(text) is
    'The same the other way round: Cyrillic letters, digits and signs as Latin letters.';

create function market_data.text_collapse(p_text text)
returns text
language plpgsql
immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := p_text;
    v_double text;
begin
    -- One pass a letter: a back reference would take time by the square of the length.
    loop
        v_double := substring(v_text from
            'аа|бб|вв|гг|дд|ее|жж|зз|ии|йй|кк|лл|мм|нн|оо|пп|рр|сс|тт|уу|фф|хх|цц|чч|шш|щщ|ыы|ьь'
            '|ээ|юю|яя|aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll|mm|nn|oo|pp|qq|rr|ss|tt|uu|vv|ww|xx|yy'
            '|zz');
        exit when v_double is null;
        v_text := replace(v_text, v_double || v_double, left(v_double, 1));
        v_text := replace(v_text, v_double, left(v_double, 1));
    end loop;
    return v_text;
end
$$;

comment on function market_data.text_collapse(text) is
    'A plain text in which no letter is repeated: плооохо becomes плохо.';

create function market_data.word_stem(p_word text, p_script text)
returns text
language sql
immutable strict parallel safe
return case p_script
    when 'ru' then coalesce((ts_lexize('pg_catalog.russian_stem', p_word))[1], p_word)
    else coalesce((ts_lexize('pg_catalog.english_stem', p_word))[1], p_word)
end;

comment on function market_data.word_stem(text, text) is
    'The stem of a word by the Snowball rules of its script, ru or en; a word that they know as '
    'noise is its own stem.';

create function market_data.word_script(p_word text)
returns text
language sql
immutable strict parallel safe
return case when lower(p_word) ~ '[а-яё]' then 'ru' else 'en' end;

comment on function market_data.word_script(text) is
    'ru for a word with a Cyrillic letter, else en.';

create function market_data.word_folded(p_word text)
returns text
language sql
immutable strict parallel safe
return case market_data.word_script(p_word)
    when 'ru' then market_data.text_as_russian(market_data.text_plain(p_word))
    else market_data.text_as_english(market_data.text_plain(p_word))
end;

comment on function market_data.word_folded(text) is
    'A word as it is compared with a text that is read in the word''s script.';

create function market_data.forbidden_key(p_word text, p_form text)
returns text
language sql
immutable strict parallel safe
return case p_form
    when 'stem' then market_data.word_stem(
        market_data.text_collapse(market_data.word_folded(p_word)),
        market_data.word_script(p_word))
    else market_data.text_collapse(market_data.word_folded(p_word))
end;

comment on function market_data.forbidden_key(text, text) is
    'What a word of a text must come to so that it is this one: its stem, or with the form exact '
    'the word itself, nothing in it repeated.';

create function market_data.forbidden_pattern(p_word text, p_form text)
returns text
language sql
immutable strict parallel safe
return (
    select '^' || regexp_replace(
        case
            when p_form = 'exact' then f.folded
            when starts_with(f.folded, f.stem) then f.stem
            else left(f.stem, -1)
        end,
        '(.)', '\1+', 'g')
        || case when p_form = 'exact' then '$' else '' end
    from (
        select
            w.folded,
            market_data.word_stem(w.folded, market_data.word_script(p_word)) as stem
        from (values (market_data.word_folded(p_word))) as w (folded)
    ) as f
);

comment on function market_data.forbidden_pattern(text, text) is
    'A pattern with every letter of a word once or more: "as" does not become a word with two s.';

create table market_data.forbidden_words (
    id bigint generated by default as identity primary key,
    word text not null,
    form text not null default 'stem',
    script text not null generated always as (market_data.word_script(word)) stored,
    key text not null generated always as (market_data.forbidden_key(word, form)) stored,
    prefix text not null
        generated always as ("left"(market_data.forbidden_key(word, form), 3)) stored,
    pattern text not null generated always as (market_data.forbidden_pattern(word, form)) stored,
    added_by bigint references people_data.users (id),
    created_at timestamptz not null,
    constraint forbidden_word_taken unique (script, form, key),
    constraint forbidden_word_shape
        check (word ~ '^([a-z]{3,40}|[а-яё]{3,40})$'
            and char_length(market_data.forbidden_key(word, form)) > 2),
    constraint forbidden_form_known check (form in ('stem', 'exact'))
);

create index forbidden_words_added_by_idx on market_data.forbidden_words (added_by)
    where added_by is not null;

comment on table market_data.forbidden_words is
    'Words that a moderator is told of when they stand in a listing. An administrator''s data; '
    'added_by is null for those that were there from the start.';
comment on column market_data.forbidden_words.form is
    'stem: the word in every form that Snowball knows as one; exact: this very form.';

-- To begin with: abuse, and what may not be sold or what nobody says of goods that are their own.
insert into market_data.forbidden_words (word, form, created_at)
select w.word, w.form, transaction_timestamp()
from (
    values
        ('хуй', 'exact'), ('хуя', 'exact'), ('хуйня', 'stem'), ('хуйло', 'stem'),
        ('охуенный', 'stem'), ('похуй', 'exact'), ('нахуй', 'exact'), ('хуевый', 'stem'),
        ('пизда', 'stem'), ('пиздец', 'stem'), ('пиздеть', 'stem'), ('спиздить', 'stem'),
        ('пиздатый', 'stem'), ('ебать', 'stem'), ('ебаный', 'stem'), ('ебучий', 'stem'),
        ('заебал', 'stem'), ('заебись', 'exact'), ('наебать', 'stem'), ('уебок', 'stem'),
        ('долбоеб', 'stem'), ('блядь', 'stem'), ('блять', 'exact'), ('блядский', 'stem'),
        ('сука', 'exact'), ('суки', 'exact'), ('сучка', 'stem'), ('мудак', 'stem'),
        ('мудила', 'exact'), ('гандон', 'stem'), ('гондон', 'stem'), ('пидор', 'stem'),
        ('пидарас', 'stem'), ('пидорас', 'stem'), ('говно', 'stem'), ('говняный', 'stem'),
        ('дерьмо', 'stem'), ('дерьмовый', 'stem'), ('жопа', 'stem'), ('залупа', 'stem'),
        ('ублюдок', 'stem'), ('шлюха', 'stem'), ('чурка', 'exact'),
        ('хач', 'exact'), ('жид', 'exact'), ('краденый', 'stem'), ('ворованный', 'stem'),
        ('угнанный', 'stem'), ('контрафакт', 'stem'), ('контрафактный', 'stem'),
        ('контрабанда', 'stem'), ('наркотик', 'stem'), ('кокаин', 'stem'), ('героин', 'exact'),
        ('мефедрон', 'stem'), ('гашиш', 'stem'), ('марихуана', 'stem'), ('спайс', 'exact'),
        ('казино', 'exact'), ('проститутка', 'stem'), ('интим', 'exact'), ('порно', 'exact'),
        ('fuck', 'stem'), ('fucker', 'stem'), ('motherfucker', 'stem'), ('shit', 'stem'),
        ('shitty', 'stem'), ('bullshit', 'stem'), ('bitch', 'stem'), ('asshole', 'stem'),
        ('cunt', 'stem'), ('bastard', 'stem'), ('whore', 'stem'),
        ('slut', 'stem'), ('nigger', 'stem'), ('faggot', 'stem'), ('stolen', 'exact'),
        ('counterfeit', 'stem'), ('cocaine', 'stem'), ('heroin', 'exact'), ('porn', 'exact'),
        ('casino', 'exact')
) as w (word, form);
