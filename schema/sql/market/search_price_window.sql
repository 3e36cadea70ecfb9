-- Guarantees: a query for the bands of prices of a currency between two bands, in either order.
-- Locks nothing.

create or replace function market.search_price_window(
    p_currency text,
    p_from integer,
    p_to integer
)
returns tsquery
language sql
immutable
parallel safe
return (
    select string_agg(market.search_quote('=$' || p_currency || ':' || b.band), ' | ')::tsquery
    from generate_series(least(p_from, p_to), greatest(p_from, p_to)) as b (band)
);

comment on function market.search_price_window(text, integer, integer) is
    'Helper: a query for the bands of prices between two. Raises: nothing.';
