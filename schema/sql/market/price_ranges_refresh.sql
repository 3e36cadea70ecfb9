-- A job: what things cost, from all that is published: quartiles of the logarithm of the price, for
-- each subcategory, condition and currency, and for each brand in them, where there are 20 or more.
-- A price is hardly real when it is further from the quartiles than one and a half times their
-- distance, and by a factor of 1.8 at least, so that things of one price do not make every other
-- one suspicious. Free things do not count. Runs again safely. A million listings take about six
-- seconds.
create or replace function market.price_ranges_refresh()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    insert into market_data.price_ranges as r (
        subcategory_id, condition, currency, brand_id, listing_count, usual_low_minor,
        usual_high_minor, low_minor, high_minor, computed_at)
    select
        q.subcategory_id, q.condition, q.currency, q.brand_id, q.listing_count,
        exp(q.low)::bigint, exp(q.high)::bigint,
        exp(q.low - 1.5 * greatest(q.high - q.low, 0.4))::bigint,
        exp(q.high + 1.5 * greatest(q.high - q.low, 0.4))::bigint,
        v_now
    from (
        select
            l.subcategory_id, l.condition, l.currency, coalesce(l.brand_id, 0) as brand_id,
            count(*)::integer as listing_count,
            percentile_cont(0.25) within group (order by ln(l.price_minor::float8)) as low,
            percentile_cont(0.75) within group (order by ln(l.price_minor::float8)) as high
        from market_data.listings as l
        where l.status = 'published'
            and l.price_minor > 0
        group by grouping sets (
            (l.subcategory_id, l.condition, l.currency),
            (l.subcategory_id, l.condition, l.currency, l.brand_id))
        having count(*) >= 20
            and (grouping(l.brand_id) = 1 or l.brand_id is not null)
    ) as q
    on conflict on constraint price_ranges_pkey do update
    set listing_count = excluded.listing_count, usual_low_minor = excluded.usual_low_minor,
        usual_high_minor = excluded.usual_high_minor, low_minor = excluded.low_minor,
        high_minor = excluded.high_minor, computed_at = excluded.computed_at;

    delete from market_data.price_ranges as r where r.computed_at <> v_now;
end
$$;

comment on function market.price_ranges_refresh() is
    'Computes anew what things of a subcategory, condition and brand usually cost. Raises: '
    'nothing.';

grant execute on function market.price_ranges_refresh() to kardan_maintenance;
