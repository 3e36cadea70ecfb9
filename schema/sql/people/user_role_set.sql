-- Gives a person a role. Locks the rows of the actor, of the person and of all administrators in
-- the order of their ids: so two administrators who demote each other, or both themselves, take
-- turns, and one of them is refused. Idempotent by state: a role that the person has already
-- changes nothing, whatever version is given.
create or replace function people.user_role_set(
    p_actor bigint,
    p_user bigint,
    p_role text,
    p_version integer
)
returns table (
    user_id bigint,
    role text,
    version integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_role text;
    v_version integer;
begin
    -- Before the locks, so that a stranger cannot take them; and after, because the wait may
    -- have changed the answer.
    perform people.actor_require(p_actor, 'admin');
    perform u.id
    from people_data.users as u
    where u.role = 'admin' or u.id = p_actor or u.id = p_user
    order by u.id
    for no key update;
    perform people.actor_require(p_actor, 'admin');

    select u.role, u.version into v_role, v_version
    from people_data.users as u
    where u.id = p_user;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'user_unknown',
            message = 'there is no such person';
    end if;

    if v_role is distinct from p_role then
        perform people.user_role_check(p_user, v_role, p_role, v_version, p_version);
        update people_data.users as u
        set role = p_role, updated_at = v_now
        where u.id = p_user
        returning u.version into v_version;
        perform ops.audit_write(
            p_actor, 'user.role', 'user', p_user::text,
            jsonb_build_object('from', v_role, 'to', p_role));
    end if;

    return query select p_user, p_role, v_version;
end
$$;

comment on function people.user_role_set(bigint, bigint, text, integer) is
    'An administrator gives a person a role; a null version is not compared. The last '
    'administrator stays one, and whoever is blocked is not appointed. Raises: actor_unknown, '
    'actor_blocked, role_required, user_unknown, version_stale, last_admin, '
    'blocked_not_appointable, user_role_known.';

grant execute on function people.user_role_set(bigint, bigint, text, integer)
to kardan_api, kardan_bot;
