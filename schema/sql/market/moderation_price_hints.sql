-- Guarantees: one hint when the price is far from what such things cost
-- (market.listing_price_range). A price of 0 is such a price. Without enough listings to compare
-- with there is no hint. Locks nothing.
create or replace function market.moderation_price_hints(p_listing bigint)
returns table (
    kind text,
    field text,
    excerpt text,
    details jsonb
)
language sql
stable
parallel safe
begin atomic
    select
        'price_outlier', 'price', to_char(r.price_minor / 100.0, 'FM999999999990.00'),
        jsonb_build_object(
            'currency', r.currency,
            'usual_low_minor', r.usual_low_minor,
            'usual_high_minor', r.usual_high_minor,
            'listing_count', r.listing_count,
            'same_brand', r.same_brand)
    from market.listing_price_range(p_listing) as r
    where r.price_minor not between r.low_minor and r.high_minor;
end;

comment on function market.moderation_price_hints(bigint) is
    'Helper: a price that is hardly real, with what such things usually cost. Raises: nothing.';
