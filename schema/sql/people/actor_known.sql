-- A step: the guard of reads that a blocked person may still do (see what is theirs). Reads only.
create or replace function people.actor_known(p_actor bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select
        from people_data.users as u
        where u.id = p_actor
            and u.erased_at is null)
    then
        raise exception using
            errcode = 'ZAUTH',
            constraint = 'actor_unknown',
            message = 'the acting person does not exist';
    end if;
end
$$;

comment on function people.actor_known(bigint) is
    'Lets a person pass who exists. Raises: actor_unknown.';
