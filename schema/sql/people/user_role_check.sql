-- A step of user_role_set, which holds the locks: whether this change of role may be. Reads only.
create or replace function people.user_role_check(
    p_user bigint,
    p_role_from text,
    p_role_to text,
    p_version_present integer,
    p_version integer
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_version_present <> p_version then
        raise exception using
            errcode = 'ZSTAL',
            constraint = 'version_stale',
            message = format('the account is at version %s', p_version_present),
            detail = p_version_present::text;
    end if;
    if p_role_from = 'admin'
        and not exists (
            select from people_data.users as u where u.role = 'admin' and u.id <> p_user)
    then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'last_admin',
            message = 'there is no other administrator';
    end if;
    -- A blocked administrator could not act, and could be the only one left.
    if p_role_to <> 'user'
        and exists (select from people.blocked as b where b.user_id = p_user)
    then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'blocked_not_appointable',
            message = 'the person is blocked';
    end if;
end
$$;

comment on function people.user_role_check(bigint, text, text, integer, integer) is
    'Whether a change of role may be. Raises: version_stale, last_admin, blocked_not_appointable.';
