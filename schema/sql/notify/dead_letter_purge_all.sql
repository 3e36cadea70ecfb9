-- Guarantees: up to 1000 dead letters, the oldest first, are given up for good. Repeated it goes on
-- with the next ones, and changes and records nothing when there are none. Locks their rows,
-- leaving out what another session holds, then what notify.outbox_close locks.
create or replace function notify.dead_letter_purge_all(p_actor bigint, p_kind text)
returns table (
    purged_count integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
begin
    perform people.actor_require(p_actor, 'admin');

    v_ids := notify.dead_letters_find(p_kind);
    if v_ids <> '{}' then
        perform notify.outbox_close(
            v_ids, array_fill('purged'::text, array[cardinality(v_ids)]), null, ops.clock_now());
        perform ops.audit_write(
            p_actor, 'dead_letter.purge_all', 'kind', coalesce(p_kind, '*'),
            jsonb_build_object('count', cardinality(v_ids)));
    end if;
    return query select cardinality(v_ids);
end
$$;

comment on function notify.dead_letter_purge_all(bigint, text) is
    'An administrator gives dead letters up, of one kind or of all, 1000 at most; again until it '
    'tells 0. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function notify.dead_letter_purge_all(bigint, text) to kardan_api, kardan_bot;
