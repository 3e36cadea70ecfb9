-- Guarantees: what reads as a telephone in a plain text: with a plus and 10 to 14 digits; 7 or 8
-- and a Russian mobile or free number in any spelling, letters that look like digits and a blank
-- between all digits included; a town's number after 7 or 8 only when it is grouped like one,
-- because makers' numbers have as many digits; ten digits from 9 with a grouping that part numbers
-- do not have; any six digits and more after a word that asks to call; seven numbers written out
-- as words. Locks nothing.
create or replace function market.phones_find(p_plain text)
returns setof text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_digits constant text := translate(p_plain, 'оoззilб', '0033116');
begin
    return query
    select g.found
    from (
        select
            r.found[1] as found,
            regexp_replace(r.found[1], '[^0-9+]', '', 'g') as number
        from regexp_matches(
            v_digits,
            '(?:^|[^[:alnum:]+.,])([+(]?[0-9](?:[[:space:]().–_/*-]{0,3}[0-9]){9,13})'
            '(?![[:alnum:]])', 'g') as r (found)
    ) as g
    where g.number ~ '^[+][0-9]{10,14}$'
        or g.number ~ '^[78](9[0-9]{9}|800[0-9]{7})$'
        or (g.number ~ '^[78][348][0-9]{9}$'
            and g.found ~ '^[78][[:space:]-]*[(]?[348][0-9]{2,4}[)]?[[:space:]-]+[0-9]{2,3}[ -]')
        or (g.number ~ '^(375(29|25|33|44)[0-9]{7}|380[0-9]{9}|77[0-9]{9})$')
        or g.found ~ '^[(]?9[0-9]{2}[)]' and g.number ~ '^[0-9]{10}$'
        or g.found ~ '^9[0-9]{2}-[0-9]{3}-[0-9]{2}-[0-9]{2}$';

    return query
    select r.found[1]
    from regexp_matches(
        v_digits,
        '\m(?:тел(?:еф0н)?у?|3в0н[а-я0-9]*|м06|пишите|н0мер телеф0на)[^0-9[:alpha:]]{0,6}'
        '([0-9](?:[[:space:]()-]{0,2}[0-9]){5,10})(?![[:alnum:]])', 'g') as r (found);

    return query
    select r.found[1]
    from regexp_matches(
        p_plain,
        '((?:\m(?:плюс|ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять|десять'
        '|[а-я]*дцать|[а-я]*десят|сорок|девяносто|сто|двести|триста|четыреста|[а-я]*сот)\M'
        '[[:space:],.-]*){7,})',
        'g') as r (found);
end
$$;

comment on function market.phones_find(text) is
    'Step: what reads as a telephone in a plain text, as it is written there. Raises: nothing.';
