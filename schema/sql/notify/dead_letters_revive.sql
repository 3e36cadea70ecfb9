-- A step: these dead letters, which the caller has locked, wait again as if they were told now.
create or replace function notify.dead_letters_revive(p_ids bigint[], p_now timestamptz)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update notify_data.queue as q
    set state = 'waiting', due_at = p_now, queued_at = p_now, attempts = 0
    where q.id = any (p_ids)
        and q.state = 'dead';
end
$$;

comment on function notify.dead_letters_revive(bigint[], timestamptz) is
    'Step: dead letters wait again. Raises: nothing.';
