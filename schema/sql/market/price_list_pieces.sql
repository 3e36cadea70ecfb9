-- Guarantees: a number of pieces as people and spreadsheets write it (12; 1 200; 5,00); null when
-- it is none.
create or replace function market.price_list_pieces(p_cell text)
returns integer
language sql
immutable
parallel safe
return (
    select case
        when w.text ~ '^-?[0-9]{1,9}([.]0+)?$' then split_part(w.text, '.', 1)::integer
    end
    from (values (replace(regexp_replace(p_cell, '\s', '', 'g'), ',', '.'))) as w (text)
);

comment on function market.price_list_pieces(text) is
    'Helper: a number of pieces of a price list; null for what is none. Raises: nothing.';
