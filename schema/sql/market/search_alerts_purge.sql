-- A job: forgets what saved searches found of listings that have ended, and news that nobody will
-- ask for any more. That a match is told once holds for as long as its listing lives: an alert is
-- kept while the listing is seen, waits or is reserved, and after that for the days of the setting
-- search.alert_days, but not fewer than it can be renewed without a moderator. What comes back from
-- the archive later begins anew. Up to 20000 listings a run. Walks the listings of alerts by index,
-- one step each. Locks the alerts, leaving out what another session holds. Runs again safely.
create or replace function market.search_alerts_purge()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_before constant timestamptz := ops.clock_now() - make_interval(days => greatest(
        ops.setting_integer('search.alert_days', 90),
        ops.setting_integer('listing.renew_after_days', 30), 1));
    v_over bigint[];
begin
    with recursive told (listing_id) as (
        select min(a.listing_id) from market_data.search_alerts as a
        union all
        select (
            select min(a.listing_id)
            from market_data.search_alerts as a
            where a.listing_id > t.listing_id)
        from told as t
        where t.listing_id is not null
    )
    select array_agg(o.id) into v_over
    from (
        select l.id
        from told as t
        join market_data.listings as l on l.id = t.listing_id
        where l.status in ('sold', 'archived', 'rejected', 'draft')
            and l.updated_at < v_before
        limit 20000
    ) as o;

    delete from market_data.search_alerts as a
    where a.id in (
        select o.id
        from market_data.search_alerts as o
        where o.listing_id = any (v_over)
        order by o.id
        for update skip locked);

    delete from market_data.search_news as n where n.at < v_before;
end
$$;

comment on function market.search_alerts_purge() is
    'Forgets what was found of listings that ended long ago. Raises: nothing.';

grant execute on function market.search_alerts_purge() to kardan_maintenance;
