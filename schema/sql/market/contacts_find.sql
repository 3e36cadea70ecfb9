-- Guarantees: ways to reach somebody that stand in a text: links, mail addresses, Telegram names,
-- messengers, telephones. Seen through: letters that look like others, capitals, invisible
-- characters. Not taken for contacts: part numbers, VINs, prices, years, dimensions. At most 20.
-- Locks nothing. Cost: below 5 ms for 8000 letters.
create or replace function market.contacts_find(p_text text)
returns table (
    contact text,
    excerpt text
)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_plain constant text := market_data.text_plain(left(coalesce(p_text, ''), 20000));
begin
    return query
    select distinct on (f.contact, f.excerpt) f.contact, left(btrim(f.excerpt), 100)
    from (
        select 'link' as contact, l.found[1] as excerpt
        from regexp_matches(
            v_plain,
            '((?:https?://|www[.]|\mt[.]me/|\mtelegram[.]me/)[^[:space:]]+'
            '|(?:^|[^[:alnum:]@.-])[a-zа-я0-9][a-zа-я0-9-]*[a-zа-я0-9][.]'
            '(?:ru|com|net|org|su|by|kz|ua|me|shop|store|online|site|info|biz|io|app|pro|рф)'
            '(?![[:alnum:]-]|[.][[:alnum:]])(?:/[^[:space:]]*)?)', 'g') as l (found)
        union all
        select 'mail', m.found[1]
        from regexp_matches(
            v_plain,
            '([[:alnum:]][[:alnum:]._%+-]*[[:space:]]?(?:@|[(\[]at[)\]]|[(\[]?собак[аи][)\]]?)'
            '[[:space:]]?[[:alnum:]-]+[[:space:]]?(?:[.]|точка)[[:space:]]?[a-zа-я]{2,})', 'g')
            as m (found)
        union all
        select 'telegram', n.found[1]
        from regexp_matches(
            v_plain, '(?:^|[^[:alnum:]._%+-])(@[a-z][a-z0-9_]{3,31})(?![[:alnum:]]|[.][a-z])', 'g')
            as n (found)
        union all
        select 'messenger', w.found[1]
        from (
            values
                (v_plain), (market_data.text_as_russian(v_plain)),
                (market_data.text_as_english(v_plain))
        ) as s (seen)
        cross join lateral regexp_matches(
            s.seen,
            '\m((?:в[ао]+[тц]+[сц]?[аеэ]*п+[ыеуа]?|what?s[[:space:]-]?a+p+|wa[.]me|vi+b+e+r'
            '|в[ао]йбер[еау]?|телеграмм?[ае]?|telegram|инстаграмм?[ае]?|instagram|вконтакте'
            '|(?:в|на) (?:телегу|телеге|тг|вк|лс|личку|директ))\M'
            '|(?:тг|tg|вк|vk|inst|инста)[[:space:]]?[:@])',
            'g') as w (found)
        union all
        select 'phone', t.number
        from market.phones_find(v_plain) as t (number)
    ) as f
    where btrim(f.excerpt) <> ''
    order by f.contact, f.excerpt
    limit 20;
end
$$;

comment on function market.contacts_find(text) is
    'Step: links, mail addresses, Telegram names, messengers and telephones in a text: link, mail, '
    'telegram, messenger or phone, and how it is written. Raises: nothing.';
