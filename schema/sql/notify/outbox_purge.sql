-- A job: forgets leases after a day, holds that are over, and dead letters whose history is about
-- to be dropped (85 of 90 days), some thousands a run. Runs again safely; leaves out what another
-- session holds.
create or replace function notify.outbox_purge()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_old bigint[];
begin
    delete from notify_data.leases as s
    where s.lease in (
        select o.lease
        from notify_data.leases as o
        where o.taken_at <= v_now - interval '24 hours'
        order by o.taken_at
        limit 50000
        for update skip locked);

    delete from notify_data.holds as h
    where h.recipient in (
        select o.recipient
        from notify_data.holds as o
        where o.until <= v_now
            and o.recipient <> 0
        limit 50000
        for update skip locked);

    with old as (
        select q.id
        from notify_data.queue as q
        where q.state = 'dead'
            and q.event_at <= v_now - interval '2040 hours'
        order by q.event_at, q.id
        limit 5000
        for update skip locked
    )
    select array_agg(o.id) into v_old from old as o;
    perform notify.outbox_close(
        v_old, array_fill('purged'::text, array[coalesce(cardinality(v_old), 0)]), null, v_now);
end
$$;

comment on function notify.outbox_purge() is
    'Forgets leases after a day, holds that are over and dead letters after 85 days. Raises: '
    'nothing.';

grant execute on function notify.outbox_purge() to kardan_maintenance;
