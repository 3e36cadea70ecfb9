-- Reads only.
create or replace function ops.setting_list(p_actor bigint)
returns table (
    key text,
    value jsonb,
    description text,
    updated_at timestamptz,
    updated_by bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select s.key, s.value, s.description, s.updated_at, s.updated_by
    from ops_data.settings as s
    order by s.key
    limit 1000;
end
$$;

comment on function ops.setting_list(bigint) is
    'Every setting that administrators may change; updated_by is null where nobody has. '
    'Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function ops.setting_list(bigint) to kardan_api, kardan_bot;
