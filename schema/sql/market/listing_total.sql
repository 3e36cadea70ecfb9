-- Guarantees: the one rule of what a quantity costs. Null when the quantity is. No overflow within
-- the table's limits.
create or replace function market.listing_total(
    p_price_minor bigint,
    p_wholesale_price_minor bigint,
    p_wholesale_min_quantity integer,
    p_quantity integer
)
returns bigint
language sql
immutable
parallel safe
return p_quantity * case
    when p_quantity >= p_wholesale_min_quantity then p_wholesale_price_minor
    else p_price_minor
end;

comment on function market.listing_total(bigint, bigint, integer, integer) is
    'Helper: the price of a quantity: every piece at the wholesale price from its threshold on '
    '(null: there is none). Raises: nothing.';
