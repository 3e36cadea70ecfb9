-- A step: the days from the first until before the second are rolled up again, listings and hours
-- first, then sellers and the platform. What is as it was is not written. The caller has locked the
-- state.
create or replace function market.figures_roll_days(p_from date, p_until date)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into market_data.listing_days as k (
        listing_id, day, views, clicks, people, deals_requested, deals_completed)
    select c.listing_id, c.day, c.views, c.clicks, c.people, c.deals_requested, c.deals_completed
    from market.listing_days_counted(p_from, p_until) as c
    on conflict (listing_id, day) do update
    set views = excluded.views, clicks = excluded.clicks, people = excluded.people,
        deals_requested = excluded.deals_requested, deals_completed = excluded.deals_completed
    where (k.views, k.clicks, k.people, k.deals_requested, k.deals_completed)
        is distinct from (excluded.views, excluded.clicks, excluded.people,
            excluded.deals_requested, excluded.deals_completed);

    insert into market_data.listing_hours as k (listing_id, hour, clicks)
    select c.listing_id, c.hour, c.clicks
    from market.listing_hours_counted(p_from, p_until) as c
    on conflict (listing_id, hour) do update
    set clicks = excluded.clicks
    where k.clicks <> excluded.clicks;

    insert into market_data.seller_days as k (
        seller_key, day, views, clicks, deals_requested, deals_completed)
    select s.seller_key, s.day, s.views, s.clicks, s.deals_requested, s.deals_completed
    from market.seller_days_summed(p_from, p_until) as s
    on conflict (seller_key, day) do update
    set views = excluded.views, clicks = excluded.clicks,
        deals_requested = excluded.deals_requested, deals_completed = excluded.deals_completed
    where (k.views, k.clicks, k.deals_requested, k.deals_completed)
        is distinct from (excluded.views, excluded.clicks, excluded.deals_requested,
            excluded.deals_completed);

    insert into market_data.turnover_days as k (seller_key, day, currency, deals, total_minor)
    select c.seller_key, c.day, c.currency, c.deals, c.total_minor
    from market.turnover_days_counted(p_from, p_until) as c
    on conflict (seller_key, day, currency) do update
    set deals = excluded.deals, total_minor = excluded.total_minor
    where (k.deals, k.total_minor) is distinct from (excluded.deals, excluded.total_minor);
end
$$;

comment on function market.figures_roll_days(date, date) is
    'Step: rolls the figures of these days up again. Raises: nothing.';
