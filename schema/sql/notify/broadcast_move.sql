-- A step: brings a broadcast into another state, if it is in one of those, and records that. What
-- of it is in the queue is looked at at once: to be sent, or to be closed. Locks the broadcast,
-- then its rows of the queue, leaving out what a sender holds. Idempotent by state.
create or replace function notify.broadcast_move(
    p_actor bigint,
    p_broadcast bigint,
    p_from text[],
    p_to text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_state text;
begin
    select b.state into v_state
    from notify_data.broadcasts as b
    where b.id = p_broadcast
    for no key update;
    perform notify.broadcast_require(found, v_state, p_from || p_to);
    if v_state = p_to then
        return;
    end if;

    update notify_data.broadcasts as b
    set state = p_to,
        started_at = case when p_to = 'running' then coalesce(b.started_at, v_now)
            else b.started_at end,
        examined_until = case when p_to = 'running' then coalesce(b.examined_until, 0)
            else b.examined_until end,
        finished_at = case when p_to = 'cancelled' then v_now end,
        updated_at = v_now,
        version = b.version + 1
    where b.id = p_broadcast;
    perform ops.audit_write(
        p_actor, 'broadcast.' || p_to, 'broadcast', p_broadcast::text,
        jsonb_build_object('from', v_state));

    if p_to in ('running', 'cancelled') then
        update notify_data.queue as q
        set due_at = least(q.due_at, v_now)
        where q.id in (
            select w.id
            from notify_data.queue as w
            where w.broadcast_id = p_broadcast
                and w.state = 'waiting'
                and w.due_at > v_now
            order by w.id
            for no key update skip locked);
    end if;
end
$$;

comment on function notify.broadcast_move(bigint, bigint, text[], text) is
    'Step: brings a broadcast into another state. Raises: broadcast_unknown, '
    'broadcast_move_refused.';
