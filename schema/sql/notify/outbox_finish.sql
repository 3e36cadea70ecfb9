-- Guarantees: what became of rows that a lease holds, at most 1000 of them:
--     sent            done, with the numbers of the messages;
--     postponed       Telegram wants this recipient left alone for so many seconds: the row goes
--                     back as if it had not been taken, and nobody sends to that recipient;
--     postponed_all   the same for everybody;
--     failed          tried again later, and later each time; a dead letter after outbox.attempts;
--     refused         a dead letter at once;
--     unreachable     the person cannot be written to: that is noted, and what waits is closed.
-- One answer never spoils another: what is not understood counts as failed. A repeat changes
-- nothing. An answer whose lease has gone to somebody else does nothing, except that what was sent
-- is done; when both have sent it, the second hears of a duplicate and deletes its message. Locks:
-- rows of the queue by number, holds, outbox, broadcasts, identities.
create or replace function notify.outbox_finish(p_lease uuid, p_results jsonb)
returns table (
    notice_id bigint,
    outcome text,
    due_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_told record;
begin
    if coalesce(jsonb_array_length(
        case when jsonb_typeof(p_results) = 'array' then p_results end), 1001) > 1000
    then
        raise exception using
            errcode = 'ZINVL', constraint = 'outbox_results_count',
            message = 'an array of at most 1000 answers';
    end if;

    perform
    from notify_data.queue as q
    where q.id in (
        select x.notice_id from jsonb_to_recordset(p_results) as x (notice_id bigint))
    order by q.id
    for no key update;

    select
        array_agg(j.id) as ids, array_agg(j.verdict) as verdicts, array_agg(j.due_at) as dues,
        array_agg(j.id) filter (where j.verdict = 'dead') as dead,
        array_agg(j.error) filter (where j.verdict = 'dead') as dead_errors,
        array_agg(j.id) filter (where j.verdict in ('sent', 'unreachable')) as closed,
        array_agg(j.verdict) filter (where j.verdict in ('sent', 'unreachable')) as outcomes,
        array_agg(j.result) filter (where j.verdict in ('sent', 'unreachable')) as results,
        array_agg(j.id) filter (where j.verdict = 'waiting') as waiting,
        array_agg(j.due_at) filter (where j.verdict = 'waiting') as again,
        array_agg(j.is_counted) filter (where j.verdict = 'waiting') as counted,
        array_agg(j.error) filter (where j.verdict = 'waiting') as errors,
        array_agg(j.recipient) filter (where j.verdict = 'unreachable') as unreachable,
        array_agg(j.recipient) filter (
            where j.held_until is not null and j.verdict in ('sent', 'waiting')) as held,
        array_agg(j.held_until) filter (
            where j.held_until is not null and j.verdict in ('sent', 'waiting')) as held_until
    into v_told
    from notify.outbox_judge(p_lease, p_results, v_now) as j;

    perform notify.outbox_hold(v_told.held, v_told.held_until);
    update notify_data.queue as q
    set state = 'waiting',
        due_at = w.due_at,
        attempts = q.attempts - case when w.is_counted then 0 else 1 end,
        error = coalesce(left(w.error, 1000), q.error)
    from unnest(v_told.waiting, v_told.again, v_told.counted, v_told.errors)
        as w (id, due_at, is_counted, error)
    where q.id = w.id;
    perform notify.outbox_bury(v_told.dead, v_told.dead_errors);
    perform notify.outbox_close(v_told.closed, v_told.outcomes, v_told.results, v_now);
    perform notify.people_unreachable(v_told.unreachable, v_now);

    return query
    select t.id, t.verdict, t.due_at
    from unnest(v_told.ids, v_told.verdicts, v_told.dues) as t (id, verdict, due_at);
end
$$;

comment on function notify.outbox_finish(uuid, jsonb) is
    'What became of rows of a lease, an array of {notice_id, event_at, outcome, messages, seconds, '
    'error}; the words are sent, postponed, postponed_all, failed, refused, unreachable. Tells of '
    'each what it is now: sent, waiting (until due_at), dead, unreachable, known (nothing '
    'changed), duplicate (delete the messages), unknown. Raises: outbox_results_count.';

grant execute on function notify.outbox_finish(uuid, jsonb) to kardan_bot, kardan_worker;
