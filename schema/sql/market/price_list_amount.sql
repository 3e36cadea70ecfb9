-- Guarantees: an amount in hundredths as files write it: 1234.50.
create or replace function market.price_list_amount(p_minor bigint)
returns text
language sql
immutable
parallel safe
return (p_minor / 100)::text || '.' || lpad((p_minor % 100)::text, 2, '0');

comment on function market.price_list_amount(bigint) is
    'Helper: an amount of money in a price list. Raises: nothing.';
