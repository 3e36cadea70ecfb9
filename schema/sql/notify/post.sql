-- A step of any domain: queues something for a channel or group of Telegram, in the transaction in
-- which it happens. Guarantees: never twice the same (p_at, p_key, chat): a repeat gives the number
-- of what was queued. Takes no lock that another caller could wait for, except when two post the
-- same event at the same moment.
create or replace function notify.post(
    p_chat bigint,
    p_kind text,
    p_key text,
    p_at timestamptz,
    p_data jsonb
)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    -- A raw call is whatever it is; into a chat it goes in the order of posts.
    v_lane constant notify_data.lane := coalesce(
        (select k.lane from notify_data.kinds as k where k.kind = p_kind and k.kind <> 'raw'),
        'channel');
    v_id bigint;
begin
    with told as (
        insert into notify_data.outbox (
            event_at, chat_id, lane, kind, dedup_key, data, created_at)
        values (p_at, p_chat, v_lane, p_kind, p_key, coalesce(p_data, '{}'), v_now)
        on conflict (recipient, event_at, dedup_key) do nothing
        returning id
    )
    insert into notify_data.queue as q (id, event_at, recipient, lane, kind, queued_at, due_at)
    select t.id, p_at, p_chat, v_lane, p_kind, v_now, v_now
    from told as t
    returning q.id into v_id;

    if v_id is null then
        select o.id into v_id
        from notify_data.outbox as o
        where o.recipient = p_chat
            and o.event_at = p_at
            and o.dedup_key = p_key;
    end if;
    return v_id;
end
$$;

comment on function notify.post(bigint, text, text, timestamptz, jsonb) is
    'Step: queues something for a chat that is no person (its number is below zero) and gives its '
    'number; p_at is the time of the event itself. Raises: nothing.';
