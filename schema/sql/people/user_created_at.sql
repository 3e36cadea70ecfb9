-- Guarantees: since when the person has an account; null when there is no such person. A helper
-- for other domains, which may not name the tables of people. Locks nothing.
create or replace function people.user_created_at(p_user bigint)
returns timestamptz
language sql
stable
parallel safe
return (select u.created_at from people_data.users as u where u.id = p_user);

comment on function people.user_created_at(bigint) is
    'Helper: since when a person has an account. Raises: nothing.';
