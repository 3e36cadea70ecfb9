-- Guarantees: what is due and nobody else is delivering, the caller's until the lease ends (setting
-- outbox.lease_seconds) and the next sender's after that. Answers to taps come first; of the rest
-- each lane has its share. Of one recipient in one lane never a later row while an earlier one
-- waits or is being delivered. Within Telegram's limits, however many senders there are: so many a
-- second, and one recipient again only after a while. Repeated with the same lease it gives what is
-- left of the same rows and takes nothing new. Locks: the lease, notify.outbox_take.
create or replace function notify.outbox_claim(p_lease uuid, p_limit integer)
returns table (
    notice_id bigint,
    event_at timestamptz,
    dedup_key text,
    lane text,
    kind text,
    data jsonb,
    user_id bigint,
    chat_id bigint,
    language text,
    attempts integer,
    lease_ends_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_ends constant timestamptz := v_now
        + make_interval(secs => greatest(1, ops.setting_integer('outbox.lease_seconds', 60)));
    v_from timestamptz;
    v_to timestamptz;
begin
    insert into notify_data.leases as s (lease, taken_at, ends_at, message_count)
    values (p_lease, v_now, v_ends, 0)
    on conflict (lease) do nothing;
    if found then
        perform notify.outbox_take(
            p_lease, least(greatest(coalesce(p_limit, 100), 1), 500), v_now, v_ends);
    end if;

    -- The times of what was taken bound the partitions that are read.
    select min(q.event_at), max(q.event_at) into v_from, v_to
    from notify_data.queue as q
    where q.lease = p_lease
        and q.state = 'leased';
    if v_from is null then
        delete from notify_data.leases as s where s.lease = p_lease;
        return;
    end if;

    return query
    select q.id, q.event_at, o.dedup_key, q.lane::text, q.kind,
        notify.shown_data(q.kind, o.data, r.language), o.user_id,
        coalesce(r.telegram_id, o.chat_id), r.language, q.attempts, q.due_at
    from notify_data.queue as q
    join notify_data.outbox as o
        on o.event_at = q.event_at
        and o.id = q.id
        and o.event_at between v_from and v_to
    left join people.recipients as r on r.user_id = q.recipient
    where q.lease = p_lease
        and q.state = 'leased'
        and q.due_at > v_now
    order by q.lane, q.event_at, q.id;
end
$$;

comment on function notify.outbox_claim(uuid, integer) is
    'What to deliver now, 1 to 500 rows (100): chat_id is the Telegram number of the person or '
    'chat, dedup_key with event_at and chat_id is the same however often it comes. user_id and '
    'language are null for a chat. notify.outbox_finish takes the answers. Raises: nothing.';

grant execute on function notify.outbox_claim(uuid, integer) to kardan_bot, kardan_worker;
