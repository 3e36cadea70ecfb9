-- A step of notify.outbox_look: locks what is due, at most so many rows a lane and leaving out what
-- another session has locked. Each lane draws a number once.
create or replace function notify.outbox_due(p_limit integer, p_now timestamptz)
returns table (
    draw double precision,
    id bigint,
    lane notify_data.lane,
    recipient bigint,
    event_at timestamptz,
    due_at timestamptz,
    queued_at timestamptz,
    attempts integer,
    broadcast_id bigint
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with lanes as materialized (
        select l.lane, random() as draw
        from unnest(enum_range(null::notify_data.lane)) as l (lane)
    )
    select l.draw, d.id, d.lane, d.recipient, d.event_at, d.due_at, d.queued_at, d.attempts,
        d.broadcast_id
    from lanes as l
    cross join lateral (
        select q.id, q.lane, q.recipient, q.event_at, q.due_at, q.queued_at, q.attempts,
            q.broadcast_id
        from notify_data.queue as q
        where q.lane = l.lane
            and q.due_at <= p_now
        order by q.due_at, q.event_at, q.id
        limit p_limit
        for no key update skip locked
    ) as d;
end
$$;

comment on function notify.outbox_due(integer, timestamptz) is
    'Step: locks what is due. Raises: nothing.';
