-- Guarantees: the account itself, as one item.
create or replace function people.export_profile(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        u.id::text,
        jsonb_build_object(
            'user_id', u.id, 'role', u.role, 'display_name', u.display_name,
            'language', u.language, 'created_at', u.created_at, 'updated_at', u.updated_at)
    from people_data.users as u
    where u.id = p_user
        and p_after is null
    limit p_limit;
end;

comment on function people.export_profile(bigint, text, integer) is
    'Helper: the account of a person, for the export. Raises: nothing.';
