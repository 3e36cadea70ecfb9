-- A step of notify.outbox_take: locks what notify.outbox_due finds and tells what is to become of
-- each row:
--     free                                           it may be sent now;
--     behind, held, paused                           not before that time;
--     spent, late                                    it is a dead letter;
--     no_telegram, unreachable, cancelled            nothing is sent.
-- Every row that is not free moves away from the head of its lane, so no crowd of such rows can
-- keep the others from being seen. The turn orders free rows: each lane draws a number and counts
-- up by its weight, so that over many calls, even for one row each, every lane has its share.
-- Queue and holds are empty at one moment and large at the next, and a plan that was made for empty
-- ones would read them as a whole: here and in the other steps of the outbox that is switched off.
create or replace function notify.outbox_look(p_limit integer, p_now timestamptz)
returns table (
    id bigint,
    lane notify_data.lane,
    recipient bigint,
    fate text,
    not_before timestamptz,
    turn double precision
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_since constant timestamptz := notify.since(p_now);
    v_attempts constant integer := greatest(1, ops.setting_integer('outbox.attempts', 12));
    v_chat_gap constant interval := notify.chat_gap(1);
    v_group_gap constant interval := notify.chat_gap(-1);
begin
    return query
    with due as materialized (
        select u.draw, u.id, u.lane, u.recipient, u.event_at, u.due_at, u.queued_at, u.attempts,
            u.broadcast_id
        from notify.outbox_due(p_limit, p_now) as u
    ),
    judged as materialized (
        select d.draw, d.id, d.lane, d.recipient, d.event_at, d.due_at, h.until as held_until,
            notify.row_fate(
                d.recipient, b.state = 'cancelled', d.attempts >= v_attempts,
                d.queued_at <= v_since, r.telegram_id, r.unreachable_at, b.state = 'paused',
                exists (
                    select from notify_data.queue as q
                    where q.recipient = d.recipient
                        and q.lane = d.lane
                        and q.id <> d.id
                        and q.state <> 'dead'
                        and (q.event_at < d.event_at
                            or q.event_at = d.event_at and q.id < d.id
                            or q.state = 'leased' and q.due_at > p_now)),
                h.until > p_now) as fate
        from due as d
        left join notify_data.broadcasts as b on b.id = d.broadcast_id
        cross join lateral (select
            (select n.until from notify_data.holds as n
                where n.recipient = d.recipient and d.lane <> 'callback')) as h (until)
        left join lateral (select n.telegram_id, n.unreachable_at from people.recipients as n
            where n.user_id = d.recipient limit 1) as r on true
    ),
    ranked as (
        select j.draw, j.id, j.lane, j.recipient, j.event_at, j.due_at, j.held_until, j.fate,
            row_number() over (
                partition by j.recipient, j.lane <> 'callback', j.fate in ('free', 'behind', 'held')
                order by j.lane, j.event_at, j.id) as place
        from judged as j
    ),
    settled as (
        select k.draw, k.id, k.lane, k.recipient, k.event_at, k.due_at,
            -- One message to one recipient at a time: the most urgent lane has it.
            case when k.fate = 'free' and k.lane <> 'callback' and k.place > 1
                then 'behind' else k.fate end as fate,
            notify.row_not_before(
                k.fate, k.place, case when k.lane <> 'callback' then
                    case when k.recipient < 0 then v_group_gap else v_chat_gap end end,
                k.held_until, p_now) as not_before
        from ranked as k
    )
    select s.id, s.lane, s.recipient, s.fate, s.not_before,
        (row_number() over (
            partition by s.lane, s.fate = 'free'
            order by s.due_at, s.event_at, s.id) - s.draw) / notify.lane_weight(s.lane)
    from settled as s;
end
$$;

comment on function notify.outbox_look(integer, timestamptz) is
    'Step: locks what is due and tells what is to become of it. Raises: nothing.';
