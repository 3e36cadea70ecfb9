-- A step: ends the story of rows: they leave the queue, and the outbox keeps how it ended (one of
-- its outcomes) and what Telegram answered. The market hears of messages to channels and groups in
-- the same transaction. The caller has locked the rows of the queue; locks their broadcasts in
-- ascending order, then posts in channels.
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
    v_gone record;
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
        returning o.id, o.recipient, g.broadcast_id, o.outcome, o.result, o.data
    )
    select
        array_agg(c.broadcast_id) filter (where c.broadcast_id is not null) as broadcasts,
        array_agg(c.outcome) filter (where c.broadcast_id is not null) as broadcast_outcomes,
        array_agg(c.id) filter (where c.recipient < 0) as ids,
        array_agg(c.recipient) filter (where c.recipient < 0) as chats,
        array_agg(c.outcome) filter (where c.recipient < 0) as outcomes,
        array_agg(c.result) filter (where c.recipient < 0) as results,
        array_agg(c.data) filter (where c.recipient < 0) as data
    into v_gone
    from closed as c;

    perform notify.broadcasts_count(v_gone.broadcasts, v_gone.broadcast_outcomes);
    perform market.messages_heard(
        v_gone.ids, v_gone.chats, v_gone.outcomes, v_gone.results, v_gone.data)
    where v_gone.ids is not null;
end
$$;

comment on function notify.outbox_close(bigint[], text[], jsonb[], timestamptz) is
    'Step: ends the story of rows of the queue. Raises: nothing.';
