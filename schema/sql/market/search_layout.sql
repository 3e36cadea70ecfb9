-- Guarantees: what the same keys give in the other keyboard layout: "afhf" is "фара", "ифкыг" is
-- "barsu"; a text with Cyrillic letters was meant in Latin ones, any other in Cyrillic. Lower case.
-- Inlines.

create or replace function market.search_layout(p_text text)
returns text
language sql
immutable
parallel safe
return case
    when p_text ~ '[а-яёА-ЯЁ]' then translate(
        lower(p_text), 'йцукенгшщзхъфывапролджэячсмитьбюё', 'qwertyuiop[]asdfghjkl;''zxcvbnm,.`')
    else translate(
        lower(p_text), 'qwertyuiop[]asdfghjkl;''zxcvbnm,.`{}:"<>~',
        'йцукенгшщзхъфывапролджэячсмитьбюехъжэбюе')
end;

comment on function market.search_layout(text) is
    'Helper: a text as typed in the other keyboard layout. Raises: nothing.';
