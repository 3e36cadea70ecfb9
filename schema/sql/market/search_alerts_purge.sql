-- A job: forgets what saved searches found of listings that have ended, and news that nobody will
-- ask for any more. That a match is told once holds for as long as its listing lives: an alert is
-- kept while the listing is seen, waits or is reserved, and after that for the days of the setting
-- search.alert_days, but not fewer than it can be renewed without a moderator. What comes back from
-- the archive later begins anew. Locks what search_alerts_forget locks. Runs again
-- safely.
create or replace function market.search_alerts_purge()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before constant timestamptz := ops.clock_now() - make_interval(days => greatest(
        ops.setting_integer('search.alert_days', 90),
        ops.setting_integer('listing.renew_after_days', 30), 1));
begin
    perform market.search_alerts_forget(v_before);
    delete from market_data.search_news as n where n.at < v_before;
end
$$;

comment on function market.search_alerts_purge() is
    'Forgets what was found of listings that ended long ago. Raises: nothing.';

grant execute on function market.search_alerts_purge() to kardan_maintenance;
