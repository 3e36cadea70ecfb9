-- Guarantees: a query for the prices of a currency between two prices and p_bands bands beyond the
-- second (below it when negative); null when those are more than a hundred bands, which is all there
-- is. Locks nothing.

create or replace function market.search_price_window(
    p_currency text,
    p_first bigint,
    p_last bigint,
    p_bands integer
)
returns tsquery
language sql
immutable
parallel safe
return (
    select string_agg(market.search_quote('=$' || p_currency || ':' || b.band), ' | ')::tsquery
    from generate_series(
        least(market_data.search_price_band(p_first),
            market_data.search_price_band(p_last) + p_bands),
        greatest(market_data.search_price_band(p_first),
            market_data.search_price_band(p_last) + p_bands)) as b (band)
    where abs(p_bands) <= 100
);

comment on function market.search_price_window(text, bigint, bigint, integer) is
    'Helper: a query for the bands between two prices and some beyond; null for too many. Raises: '
    'nothing.';
