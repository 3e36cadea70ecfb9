-- Guarantees: a condition by the words of price lists; null for another word.
create or replace function market.price_list_condition(p_cell text)
returns text
language sql
immutable
parallel safe
return case
    when lower(btrim(p_cell)) in ('new', 'новый', 'новая', 'новое', 'новые') then 'new'
    when lower(btrim(p_cell)) in ('used', 'preowned', 'likenew', 'б/у', 'бу', 'контрактный') then
        'used'
    when lower(btrim(p_cell)) in ('rebuilt', 'восстановленный', 'восстановленная') then 'rebuilt'
end;

comment on function market.price_list_condition(text) is
    'Helper: new, used or rebuilt by the words of price lists; null for another word. '
    'Raises: nothing.';
