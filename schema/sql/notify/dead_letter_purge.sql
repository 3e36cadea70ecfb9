-- Guarantees: a dead letter is given up for good; it stays in the feed of its person and in the
-- history. Locks its row, then what notify.outbox_close locks. A repeat changes and records
-- nothing.
create or replace function notify.dead_letter_purge(p_actor bigint, p_notice bigint)
returns table (
    notice_id bigint,
    purged boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_dead boolean;
begin
    perform people.actor_require(p_actor, 'admin');

    select true into v_is_dead
    from notify_data.queue as q
    where q.id = p_notice
        and q.state = 'dead'
    for update;
    v_is_dead := found;

    if v_is_dead then
        perform notify.outbox_close(array[p_notice], array['purged'], null, ops.clock_now());
        perform ops.audit_write(p_actor, 'dead_letter.purge', 'notice', p_notice::text, '{}');
    end if;
    return query select p_notice, v_is_dead;
end
$$;

comment on function notify.dead_letter_purge(bigint, bigint) is
    'An administrator gives a dead letter up; purged is false when there is none of this number. '
    'Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function notify.dead_letter_purge(bigint, bigint) to kardan_api, kardan_bot;
