-- Guarantees: the acting person hears nothing more of one person, shop or listing, whatever the
-- topic; 1000 of them at most. Whether there is such a thing is not asked: that would tell. Locks
-- by the person's advisory lock, so that two at once do not pass the ceiling. Idempotent by state.
create or replace function notify.object_mute_add(
    p_actor bigint,
    p_object_type text,
    p_object_id bigint
)
returns table (
    mute_id bigint,
    object_type text,
    object_id bigint,
    created_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform pg_advisory_xact_lock(hashtextextended('kardan.mutes:' || p_actor, 0));

    insert into notify_data.object_mutes as o (user_id, object_type, object_id, created_at)
    values (p_actor, p_object_type, p_object_id, ops.clock_now())
    on conflict on constraint object_mute_once do nothing;
    if found and (
        select count(*) from notify_data.object_mutes as o where o.user_id = p_actor) > 1000
    then
        raise exception using
            errcode = 'ZCONF', constraint = 'object_mute_limit',
            message = 'a person mutes at most 1000 things';
    end if;

    return query
    select o.id, o.object_type, o.object_id, o.created_at
    from notify_data.object_mutes as o
    where o.user_id = p_actor
        and o.object_type = p_object_type
        and o.object_id = p_object_id;
end
$$;

comment on function notify.object_mute_add(bigint, text, bigint) is
    'A person wants to hear nothing more of a user, shop or listing. Raises: actor_unknown, '
    'object_mute_type_known, object_mute_limit.';

grant execute on function notify.object_mute_add(bigint, text, bigint) to kardan_api, kardan_bot;
