-- A step of any domain: tells people something, in the transaction in which it happens. Guarantees:
-- never twice the same (p_at, p_key, person), so the repeated call of one event does nothing, if it
-- carries the event's own time; nobody who has muted it; nothing at all when the caller fails.
-- Who cannot be reached by Telegram has it in the feed only. Takes no lock that another caller
-- could wait for, except when two tell the same event at the same moment.
create or replace function notify.tell(
    p_users bigint[],
    p_kind text,
    p_key text,
    p_at timestamptz,
    p_data jsonb
)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_since constant timestamptz := notify.since(v_now);
    v_data constant jsonb := coalesce(p_data, '{}');
    v_told integer;
begin
    with told as (
        insert into notify_data.outbox (
            event_at, user_id, lane, kind, dedup_key, data, created_at, outcome, done_at)
        select
            p_at, r.user_id, coalesce(k.lane, 'notice'), p_kind, p_key, v_data, v_now,
            w.why, case when w.why is not null then v_now end
        from people.recipients as r
        -- An unknown kind is left to the foreign key.
        left join notify_data.kinds as k on k.kind = p_kind
        cross join lateral (
            select notify.undeliverable(r.telegram_id, r.unreachable_at, p_at, v_since) as why
        ) as w
        where r.user_id = any (p_users)
            and not notify.muted(r.user_id, k.topic, v_data)
        order by r.user_id
        on conflict (recipient, event_at, dedup_key) do nothing
        returning id, user_id, lane, outcome
    ),
    queued as (
        insert into notify_data.queue (
            id, event_at, recipient, lane, kind, queued_at, due_at, broadcast_id)
        select t.id, p_at, t.user_id, t.lane, p_kind, v_now, v_now,
            case when p_kind = 'broadcast' then (v_data ->> 'broadcast_id')::bigint end
        from told as t
        where t.outcome is null
    ),
    heard as (
        insert into notify_data.events (at, type, user_id, event_at, data)
        select
            v_now, 'notice.created', t.user_id, p_at,
            jsonb_build_object('notice_id', t.id, 'at', p_at, 'kind', p_kind, 'data', v_data)
        from told as t
    )
    select count(*) into v_told from told as t;

    return v_told;
end
$$;

comment on function notify.tell(bigint[], text, text, timestamptz, jsonb) is
    'Step: queues one notice for each of these people and tells how many; p_at is the time of the '
    'event itself. The data names what it is about: listing_id, shop_id, user_id. Raises: nothing.';
