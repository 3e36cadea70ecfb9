-- Reads whom and what the acting person does not want to hear of, the latest first, by the index of
-- the person. Locks nothing.
create or replace function notify.object_mute_list(
    p_actor bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    mute_id bigint,
    object_type text,
    object_id bigint,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select o.id, o.object_type, o.object_id, o.created_at
    from notify_data.object_mutes as o
    where o.user_id = p_actor
        and (p_after is null or o.id < p_after)
    order by o.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function notify.object_mute_list(bigint, integer, bigint) is
    'People, shops and listings that a person does not want to hear of. Raises: actor_unknown.';

grant execute on function notify.object_mute_list(bigint, integer, bigint)
to kardan_api, kardan_bot;
