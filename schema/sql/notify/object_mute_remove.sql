-- The acting person hears of it again, from the next thing on that is told. Locks the row.
-- Idempotent by state: what is not muted is not muted.
create or replace function notify.object_mute_remove(
    p_actor bigint,
    p_object_type text,
    p_object_id bigint
)
returns table (
    removed boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    delete from notify_data.object_mutes as o
    where o.user_id = p_actor
        and o.object_type = p_object_type
        and o.object_id = p_object_id;
    return query select found;
end
$$;

comment on function notify.object_mute_remove(bigint, text, bigint) is
    'A person wants to hear of a user, shop or listing again. Raises: actor_unknown.';

grant execute on function notify.object_mute_remove(bigint, text, bigint)
to kardan_api, kardan_bot;
