-- Guarantees: what things like a listing cost, as last computed: of the same subcategory, condition
-- and currency, and of the same brand where enough of that is for sale. No row without enough
-- listings to compare with. A helper: one select, so that it inlines. Locks nothing.
create or replace function market.listing_price_range(p_listing bigint)
returns table (
    currency text,
    price_minor bigint,
    usual_low_minor bigint,
    usual_high_minor bigint,
    low_minor bigint,
    high_minor bigint,
    listing_count integer,
    same_brand boolean
)
language sql
stable
parallel safe
begin atomic
    select
        l.currency, l.price_minor, r.usual_low_minor, r.usual_high_minor, r.low_minor,
        r.high_minor, r.listing_count, r.brand_id <> 0
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
    where l.id = p_listing;
end;

comment on function market.listing_price_range(bigint) is
    'Helper: what things like a listing cost: a quarter of them less than usual_low_minor, a '
    'quarter more than usual_high_minor; below low_minor and above high_minor a price is hardly '
    'real. Raises: nothing.';
