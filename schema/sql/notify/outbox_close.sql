-- A step: ends the story of rows: they leave the queue, and the outbox keeps how it ended (one of
-- its outcomes) and what Telegram answered. The caller has locked the rows of the queue; locks
-- their broadcasts in ascending order.
create or replace function notify.outbox_close(
    p_ids bigint[],
    p_outcomes text[],
    p_results jsonb[],
    p_now timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_from timestamptz;
    v_to timestamptz;
    v_broadcasts bigint[];
    v_outcomes text[];
begin
    if p_ids is null then
        return;
    end if;

    -- The times of what is closed bound the partitions that are changed.
    select min(q.event_at), max(q.event_at) into v_from, v_to
    from notify_data.queue as q
    where q.id = any (p_ids);

    with gone as (
        delete from notify_data.queue as q
        using unnest(p_ids, p_outcomes, p_results) as c (id, outcome, result)
        where q.id = c.id
        returning q.id, q.event_at, q.broadcast_id, c.outcome, c.result
    ),
    closed as (
        update notify_data.outbox as o
        set outcome = g.outcome, done_at = p_now, result = g.result
        from gone as g
        where o.event_at = g.event_at
            and o.id = g.id
            and o.event_at between v_from and v_to
    )
    select array_agg(g.broadcast_id), array_agg(g.outcome)
    into v_broadcasts, v_outcomes
    from gone as g
    where g.broadcast_id is not null;

    perform notify.broadcasts_count(v_broadcasts, v_outcomes);
end
$$;

comment on function notify.outbox_close(bigint[], text[], jsonb[], timestamptz) is
    'Step: ends the story of rows of the queue. Raises: nothing.';
