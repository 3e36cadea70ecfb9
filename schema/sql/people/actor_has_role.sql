-- Guarantees: true for a person who has at least this role and is not blocked; false for anybody
-- else, and for nobody. For reads that show more to a moderator; what refuses calls
-- people.actor_require. Locks nothing.
create or replace function people.actor_has_role(p_actor bigint, p_role text)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from people_data.users as u
    where u.id = p_actor
        and array_position(array['user', 'moderator', 'admin'], u.role)
            >= array_position(array['user', 'moderator', 'admin'], p_role)
        and not exists (select from people.blocked as b where b.user_id = u.id)
);

comment on function people.actor_has_role(bigint, text) is
    'Helper: whether a person has at least this role and is not blocked. Raises: nothing.';
