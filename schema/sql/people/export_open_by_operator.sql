-- What export_open does, for an operator who was asked in another way; audited without an actor,
-- and as often as it takes. Locks nothing.
create or replace function people.export_open_by_operator(p_user bigint)
returns table (
    export_id uuid,
    user_id bigint,
    at timestamptz,
    section text
)
language plpgsql
volatile
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
    select b.export_id, b.user_id, b.at, b.section
    from people.export_begin(null, p_user) as b;
end
$$;

comment on function people.export_open_by_operator(bigint) is
    'An operator opens the export of everything stored about a person. Raises: user_unknown.';

grant execute on function people.export_open_by_operator(bigint) to kardan_admin;
