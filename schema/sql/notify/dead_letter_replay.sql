-- Guarantees: a dead letter is to be delivered again, with all its attempts before it. Locks its
-- row. A repeat changes and records nothing: it waits already; of two who try at once the second
-- waits for the first and finds that.
create or replace function notify.dead_letter_replay(p_actor bigint, p_notice bigint)
returns table (
    notice_id bigint,
    replayed boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_state text;
begin
    perform people.actor_require(p_actor, 'admin');

    select q.state into v_state
    from notify_data.queue as q
    where q.id = p_notice
    for no key update;
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'dead_letter_unknown',
            message = 'there is no such dead letter';
    end if;

    if v_state = 'dead' then
        perform notify.dead_letters_revive(array[p_notice], v_now);
        perform ops.audit_write(
            p_actor, 'dead_letter.replay', 'notice', p_notice::text, '{}');
    end if;
    return query select p_notice, v_state = 'dead';
end
$$;

comment on function notify.dead_letter_replay(bigint, bigint) is
    'An administrator has a dead letter delivered again; replayed is false when it waits already. '
    'Raises: actor_unknown, actor_blocked, role_required, dead_letter_unknown.';

grant execute on function notify.dead_letter_replay(bigint, bigint) to kardan_api, kardan_bot;
