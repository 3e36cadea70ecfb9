-- Reads the queue, which holds only what is still to be delivered, by its index of lanes.
create or replace function notify.outbox_stats()
returns table (
    lane text,
    waiting_count integer,
    leased_count integer,
    dead_count integer,
    oldest_seconds double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    return query
    select
        l.lane::text,
        (count(*) filter (where q.state = 'waiting'))::integer,
        (count(*) filter (where q.state = 'leased'))::integer,
        (count(*) filter (where q.state = 'dead'))::integer,
        coalesce(greatest(0, extract(epoch from v_now
            - min(q.queued_at) filter (where q.state <> 'dead'))), 0)::double precision
    from unnest(enum_range(null::notify_data.lane)) as l (lane)
    left join notify_data.queue as q on q.lane = l.lane
    group by l.lane
    order by l.lane;
end
$$;

comment on function notify.outbox_stats() is
    'The outbox by lane, the most urgent first: how many wait, are being delivered and were given '
    'up, and how long the oldest of the first two has waited. Raises: nothing.';

grant execute on function notify.outbox_stats() to kardan_monitor, kardan_admin;
