-- Guarantees: one hint when the price is far from what such things cost: of the same subcategory,
-- condition and currency, and of the same brand where enough of that is for sale. A price of 0 is
-- such a price. Without enough listings to compare with there is no hint. Locks nothing.
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
        'price_outlier', 'price', to_char(l.price_minor / 100.0, 'FM999999999990.00'),
        jsonb_build_object(
            'currency', l.currency,
            'usual_low_minor', r.usual_low_minor,
            'usual_high_minor', r.usual_high_minor,
            'listing_count', r.listing_count,
            'same_brand', r.brand_id <> 0)
    from market_data.listings as l
    cross join lateral (
        select
            c.brand_id, c.listing_count, c.usual_low_minor, c.usual_high_minor, c.low_minor,
            c.high_minor
        from market_data.price_ranges as c
        where c.subcategory_id = l.subcategory_id
            and c.condition = l.condition
            and c.currency = l.currency
            and c.brand_id in (0, l.brand_id)
        order by c.brand_id desc
        limit 1
    ) as r
    where l.id = p_listing
        and l.price_minor not between r.low_minor and r.high_minor;
end;

comment on function market.moderation_price_hints(bigint) is
    'Helper: a price that is hardly real, with what such things usually cost. Raises: nothing.';
