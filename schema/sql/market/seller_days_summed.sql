-- Guarantees: what sellers and the platform (0) came to on the days of a time, out of the kept days
-- of their listings: the one definition, which the roll-up keeps and the nightly check sums again.
create or replace function market.seller_days_summed(p_from date, p_until date)
returns table (
    seller_key bigint,
    day date,
    views bigint,
    clicks bigint,
    deals_requested bigint,
    deals_completed bigint
)
language sql
stable
parallel safe
begin atomic
    select s.key, d.day, sum(d.views), sum(d.clicks), sum(d.deals_requested),
        sum(d.deals_completed)
    from market_data.listing_days as d
    join market_data.listings as l on l.id = d.listing_id
    cross join lateral (
        values (coalesce(l.owner_user_id, -l.owner_shop_id)), (0)
    ) as s (key)
    where d.day >= p_from
        and d.day < p_until
    group by s.key, d.day;
end;

comment on function market.seller_days_summed(date, date) is
    'Helper: the figures of sellers and of the platform (0) on the days from the first until '
    'before the second, summed from the kept days of listings. Raises: nothing.';
