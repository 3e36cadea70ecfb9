-- What the acting person has to bring to an end before they can be erased; nothing, when they can.
-- Reads only.
create or replace function people.erasure_get(p_actor bigint)
returns table (reason text, object_type text, object_id text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    return query
    select o.reason, o.object_type, o.object_id
    from people.erasure_obstacles(p_actor) as o;
end
$$;

comment on function people.erasure_get(bigint) is
    'What keeps the acting person from being erased, at most 101 things. Raises: actor_unknown.';

grant execute on function people.erasure_get(bigint) to kardan_api, kardan_bot;
