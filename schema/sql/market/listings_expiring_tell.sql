-- A job: tells sellers which of their listings end on the third day from now, while they can still
-- renew them. Each day is told once, by its own time, however often the job runs; a run that was
-- missed is made good by the next one of the same day. Reads by the index of ends.
create or replace function market.listings_expiring_tell()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_day constant timestamptz := date_trunc('day', ops.clock_now(), 'UTC');
begin
    perform market.listings_tell(
        array(
            select l.id
            from market_data.listings as l
            where l.status = 'published'
                and l.expires_at >= v_day + interval '3 days'
                and l.expires_at < v_day + interval '4 days'),
        'listing.expiring', v_day);
end
$$;

comment on function market.listings_expiring_tell() is
    'Tells sellers which of their listings end on the third day from now. Raises: nothing.';

grant execute on function market.listings_expiring_tell() to kardan_maintenance;
