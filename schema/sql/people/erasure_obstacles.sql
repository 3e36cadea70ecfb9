-- Guarantees: what keeps a person from being erased. Somebody of the platform gives the role up
-- first. Reads only.
create or replace function people.erasure_obstacles(p_user bigint)
returns table (reason text, object_type text, object_id text)
language sql
stable
begin atomic
    select 'erasure_staff', 'user', u.id::text
    from people_data.users as u
    where u.id = p_user
        and u.role <> 'user'
    union all
    select o.reason, o.object_type, o.object_id
    from market.erasure_obstacles(p_user) as o;
end;

comment on function people.erasure_obstacles(bigint) is
    'Helper: what keeps a person from being erased. Raises: nothing.';
