-- Guarantees: an amount as people write it (1 234,50; 1234.5; -5) in hundredths; null when it is
-- none: a word, three digits behind the comma, more than twelve before it.
create or replace function market.price_list_money(p_cell text)
returns bigint
language sql
immutable
parallel safe
return (
    select case
        when w.text ~ '^-?[0-9]{1,12}([.][0-9]{1,2}0*)?$' then round(w.text::numeric * 100)::bigint
    end
    from (values (replace(regexp_replace(p_cell, '\s', '', 'g'), ',', '.'))) as w (text)
);

comment on function market.price_list_money(text) is
    'Helper: an amount of a price list in hundredths; null for what is no amount. Raises: nothing.';
