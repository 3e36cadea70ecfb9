-- Guarantees: a query that all prices of a currency from one to another match, and few beside them;
-- null is no bound, and null of both no query. It has as few lexemes as there are: a stretch of
-- sixteen or four bands that lies within has one, and no part of it another. Locks nothing.

create or replace function market.search_price_window(
    p_currency text,
    p_low bigint,
    p_high bigint
)
returns tsquery
language sql
immutable
parallel safe
return (
    select string_agg(
        market.search_quote(market_data.search_price_tag(p_currency, s.size, b.place)),
        ' | ')::tsquery
    from (
        select coalesce(market_data.search_price_band(p_low), 0) as low,
            coalesce(market_data.search_price_band(p_high), 255) as high
        where coalesce(p_low, p_high) is not null
    ) as w
    cross join (values (1), (4), (16)) as s (size)
    cross join lateral generate_series(w.low / s.size, w.high / s.size) as b (place)
    where b.place * s.size >= w.low
        and (b.place + 1) * s.size - 1 <= w.high
        and (s.size = 16
            or b.place / 4 * 4 * s.size < w.low
            or (b.place / 4 + 1) * 4 * s.size - 1 > w.high)
);

comment on function market.search_price_window(text, bigint, bigint) is
    'Helper: a query for the bands of prices between two. Raises: nothing.';
