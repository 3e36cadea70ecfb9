-- A step: the guard at the head of every function that acts for somebody. Reads only. Rights grow:
-- a moderator has a user's, an administrator has a moderator's. Whoever is blocked may do nothing.
create or replace function people.actor_require(p_actor bigint, p_role text)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_role text;
    v_until timestamptz;
begin
    select u.role, b.until
    into v_role, v_until
    from people_data.users as u
    left join people.blocked as b on b.user_id = u.id
    where u.id = p_actor
        and u.erased_at is null;

    if not found then
        raise exception using
            errcode = 'ZAUTH',
            constraint = 'actor_unknown',
            message = 'the acting person does not exist';
    end if;
    if v_until is not null then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'actor_blocked',
            message = 'the acting person is blocked',
            -- An infinite time has no digits, and a null would be an error of its own.
            detail = coalesce(
                to_char(v_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'until lifted');
    end if;
    if array_position(array['user', 'moderator', 'admin'], v_role)
        < array_position(array['user', 'moderator', 'admin'], p_role)
    then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'role_required',
            message = format('this needs the role %s', p_role),
            detail = p_role;
    end if;
end
$$;

comment on function people.actor_require(bigint, text) is
    'Lets a person pass who has at least this role and is not blocked. Raises: actor_unknown, '
    'actor_blocked, role_required.';
