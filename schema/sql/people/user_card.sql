-- What anybody may know of a person: the name and since when. Locks nothing.
create or replace function people.user_card(p_user bigint)
returns table (
    user_id bigint,
    display_name text,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select u.id, u.display_name, u.created_at
    from people_data.users as u
    where u.id = p_user;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'user_unknown',
            message = 'there is no such person';
    end if;
end
$$;

comment on function people.user_card(bigint) is
    'A person as everybody sees them. Raises: user_unknown.';

grant execute on function people.user_card(bigint) to kardan_api, kardan_bot;
