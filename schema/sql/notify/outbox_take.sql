-- A step of notify.outbox_claim: gives free rows to a lease, answers to taps first, then so many
-- messages as there is room for. Whoever is sent something is held for a moment; of two sessions
-- that want the same recipient the second one waits and then leaves it out. What is not to be sent
-- goes out of the way. Locks: the row of everybody among the holds, rows of the queue (skipping),
-- the holds of the recipients in ascending order, then what notify.outbox_close locks.
create or replace function notify.outbox_take(
    p_lease uuid,
    p_limit integer,
    p_now timestamptz,
    p_ends timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_room constant integer := notify.outbox_room(p_limit, p_now);
    v_chat constant timestamptz := p_now + notify.chat_gap(1);
    v_group constant timestamptz := p_now + notify.chat_gap(-1);
    v_count integer;
    v_dead bigint[];
    v_closed bigint[];
    v_fates text[];
begin
    if v_room is null then
        return;
    end if;

    with looked as materialized (
        select k.id, k.lane, k.recipient, k.fate, k.not_before, k.turn
        from notify.outbox_look(p_limit, p_now) as k
    ),
    chosen as materialized (
        select c.id, c.lane, c.recipient
        from (
            select k.id, k.lane, k.recipient,
                row_number() over (order by k.lane <> 'callback', k.turn) as place,
                row_number() over (partition by k.lane <> 'callback' order by k.turn) as message
            from looked as k
            where k.fate = 'free'
        ) as c
        where c.place <= p_limit
            and (c.lane = 'callback' or c.message <= v_room)
    ),
    paced as (
        insert into notify_data.holds as h (recipient, until)
        select c.recipient, case when c.recipient < 0 then v_group else v_chat end
        from chosen as c
        where c.lane <> 'callback'
        order by c.recipient
        on conflict (recipient) do update
        set until = excluded.until
        where h.until <= p_now
        returning h.recipient
    ),
    taken as (
        update notify_data.queue as q
        set state = 'leased', lease = p_lease, attempts = q.attempts + 1, due_at = p_ends
        from chosen as c
        where q.id = c.id
            and (c.lane = 'callback' or c.recipient in (select p.recipient from paced as p))
        returning q.lane
    ),
    postponed as (
        update notify_data.queue as q
        set due_at = k.not_before, state = 'waiting'
        from looked as k
        where q.id = k.id
            and k.fate in ('behind', 'held', 'paused')
    )
    select
        (select count(*) from taken as t where t.lane <> 'callback'),
        array_agg(k.id) filter (where k.fate in ('spent', 'late')),
        array_agg(k.id) filter (where k.fate in ('no_telegram', 'unreachable', 'cancelled')),
        array_agg(k.fate) filter (where k.fate in ('no_telegram', 'unreachable', 'cancelled'))
    into v_count, v_dead, v_closed, v_fates
    from looked as k;

    perform notify.outbox_bury(v_dead, null);
    perform notify.outbox_close(v_closed, v_fates, null, p_now);
    update notify_data.leases as s set message_count = v_count where s.lease = p_lease;
end
$$;

comment on function notify.outbox_take(uuid, integer, timestamptz, timestamptz) is
    'Step: gives a lease what may be sent now. Raises: nothing.';
