-- A step: whether messages of the bot reach a person. Locks the person's Telegram identities, and
-- only when that changes.
create or replace function people.reachable_set(p_user bigint, p_reachable boolean)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update people_data.identities as i
    set unreachable_at = case when not p_reachable then ops.clock_now() end
    where i.user_id = p_user
        and i.provider = 'telegram'
        and (i.unreachable_at is null) <> p_reachable;
end
$$;

comment on function people.reachable_set(bigint, boolean) is
    'Step: notes whether messages of the bot reach a person; of nobody (null) it notes nothing. '
    'Raises: nothing.';
