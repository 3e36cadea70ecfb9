-- Guarantees: what may be a word in a text, in plain form, each once: the words themselves; what
-- stands between blanks with separators in it (п.л.о.х.о, пло-хо), without them; three or more
-- letters that stand alone (п л о х о), put together, also with a short piece before or after them
-- (пл о х о) and without a first or last letter that is a word of its own (и п л о х о). Locks
-- nothing.
create or replace function market.text_candidates(p_text text)
returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- What begins with an at sign is a name, not a letter а.
    v_plain constant text := regexp_replace(
        market_data.text_plain(left(coalesce(p_text, ''), 20000)),
        '(^|\s)[@$]+(?=[[:alnum:]])', '\1', 'g');
    v_words constant text[] := regexp_split_to_array(v_plain, '[^[:alnum:]@$]+');
    v_found text[];
begin
    with alone as (
        select w.letter, w.place, w.place - row_number() over (order by w.place) as island
        from unnest(v_words) with ordinality as w (letter, place)
        where char_length(w.letter) = 1
    ),
    island as (
        select
            string_agg(a.letter, '' order by a.place) as letters,
            case when char_length(v_words[min(a.place) - 1]) <= 3
                then v_words[min(a.place) - 1] else '' end as before,
            case when char_length(v_words[max(a.place) + 1]) <= 3
                then v_words[max(a.place) + 1] else '' end as after
        from alone as a
        group by a.island
        having count(*) >= 3
    ),
    joined as (
        select regexp_replace(g.found[1], '[^[:alnum:]@$]', '', 'g') as candidate
        from regexp_matches(
            v_plain,
            '[^[:space:]]*[[:alnum:]@$][^[:alnum:]@$[:space:]]{1,3}[[:alnum:]@$][^[:space:]]*', 'g')
            as g (found)
        union all
        select b.before || i.letters || n.after
        from island as i
        cross join lateral (values (''), (i.before)) as b (before)
        cross join lateral (values (''), (i.after)) as n (after)
        union all
        select l.letters
        from island as i
        cross join lateral (
            values
                (regexp_replace(i.letters, '^[авикосуяжбai]', '')),
                (regexp_replace(i.letters, '[авикосуяжбai]$', '')),
                (regexp_replace(i.letters, '^[авикосуяжбai](.*)[авикосуяжбai]$', '\1'))
        ) as l (letters)
    )
    select array_agg(distinct c.candidate collate "C") into v_found
    from (
        select w.candidate from unnest(v_words) as w (candidate)
        union all
        select j.candidate from joined as j
    ) as c
    where char_length(c.candidate) between 3 and 60;
    return coalesce(v_found, '{}');
end
$$;

comment on function market.text_candidates(text) is
    'Step: what may be words in a text, put together where they were taken apart. Raises: nothing.';
