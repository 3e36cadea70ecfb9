-- A step of notify.outbox_finish, which has locked the rows: what a sender's answers mean. The
-- verdicts are sent, unreachable, dead, waiting (until due_at), known (nothing changes), duplicate
-- (it was sent already, as other messages) and unknown (the history does not go back so far). The
-- first of several answers for one row counts. held_until: nobody sends to the recipient (zero:
-- to anybody) before. Reads only.
create or replace function notify.outbox_judge(
    p_lease uuid,
    p_results jsonb,
    p_now timestamptz
)
returns table (
    id bigint,
    verdict text,
    due_at timestamptz,
    is_counted boolean,
    error text,
    result jsonb,
    recipient bigint,
    held_until timestamptz
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_attempts constant integer := greatest(1, ops.setting_integer('outbox.attempts', 12));
    v_from timestamptz;
    v_to timestamptz;
begin
    select min(x.event_at), max(x.event_at) into v_from, v_to
    from jsonb_to_recordset(p_results) as x (event_at timestamptz);

    return query
    with told as (
        select distinct on (x.notice_id) x.notice_id, x.event_at,
            coalesce(x.outcome, 'failed') as outcome, coalesce(x.error, x.outcome) as error,
            case when x.messages is not null then jsonb_build_object('messages', x.messages) end
                as result,
            p_now + make_interval(secs => least(greatest(coalesce(x.seconds, 1), 1), 86400))
                as until,
            case when jsonb_typeof(x.messages) = 'array' then jsonb_array_length(x.messages) end
                as message_count
        from rows from (
            jsonb_to_recordset(p_results) as (
                notice_id bigint, event_at timestamptz, outcome text, messages jsonb,
                seconds integer, error text)
        ) with ordinality as x (notice_id, event_at, outcome, messages, seconds, error, place)
        order by x.notice_id, x.place
    )
    select t.notice_id, v.verdict,
        case when v.verdict = 'waiting' and t.outcome like 'postponed%' then t.until
            when v.verdict = 'waiting' then p_now + notify.retry_delay(q.attempts) end,
        t.outcome not like 'postponed%',
        t.error, t.result,
        case when t.outcome = 'postponed_all' then 0 else q.recipient end,
        case when t.outcome like 'postponed%' then t.until
            when t.message_count > 1
            then p_now + notify.chat_gap(q.recipient) * t.message_count end
    from told as t
    left join notify_data.queue as q on q.id = t.notice_id
    left join notify_data.outbox as o
        on q.id is null
        and o.id = t.notice_id
        and o.event_at = t.event_at
        and o.event_at between v_from and v_to
    cross join lateral (
        select case
            when q.id is null and o.id is null then 'unknown'
            when q.id is null and t.outcome = 'sent' and o.outcome = 'sent'
                and o.result is distinct from t.result then 'duplicate'
            when q.id is null then 'known'
            when t.outcome = 'sent' then 'sent'
            when q.state <> 'leased' or q.lease <> p_lease then 'known'
            when t.outcome = 'unreachable' and q.recipient > 0 then 'unreachable'
            when t.outcome in ('refused', 'unreachable') then 'dead'
            when t.outcome not like 'postponed%' and q.attempts >= v_attempts then 'dead'
            else 'waiting'
        end as verdict
    ) as v;
end
$$;

comment on function notify.outbox_judge(uuid, jsonb, timestamptz) is
    'Step: what the answers of a sender mean. Raises: nothing.';
