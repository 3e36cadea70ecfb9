-- What erasure_get says, for an operator, about anybody. Reads only.
create or replace function people.erasure_obstacles_list(p_user bigint)
returns table (reason text, object_type text, object_id text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from people_data.users as u where u.id = p_user) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'user_unknown',
            message = 'there is no such person';
    end if;
    return query
    select o.reason, o.object_type, o.object_id
    from people.erasure_obstacles(p_user) as o;
end
$$;

comment on function people.erasure_obstacles_list(bigint) is
    'For an operator: what keeps a person from being erased. Raises: user_unknown.';

grant execute on function people.erasure_obstacles_list(bigint) to kardan_admin;
