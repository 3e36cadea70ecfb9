-- Changes a known setting; the type of its value stays. Locks the setting's row. Repeating it
-- changes nothing more.
create or replace function ops.setting_set(p_actor bigint, p_key text, p_value jsonb)
returns table (
    key text,
    value jsonb,
    description text,
    updated_at timestamptz,
    updated_by bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_former jsonb;
begin
    perform people.actor_require(p_actor, 'admin');

    select s.value into v_former
    from ops_data.settings as s
    where s.key = p_key
    for update;

    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'setting_unknown', message = 'there is no such setting';
    end if;
    if jsonb_typeof(p_value) is distinct from jsonb_typeof(v_former) then
        raise exception using
            errcode = 'ZINVL', constraint = 'setting_type', message = 'the value has another type',
            detail = jsonb_typeof(v_former);
    end if;

    return query
    update ops_data.settings as s
    set value = p_value, updated_at = v_now, updated_by = p_actor
    where s.key = p_key
    returning s.key, s.value, s.description, s.updated_at, s.updated_by;

    perform ops.audit_write(
        p_actor, 'setting.set', 'setting', p_key, jsonb_build_object('from', v_former, 'to', p_value));
end
$$;

comment on function ops.setting_set(bigint, text, jsonb) is
    'An administrator changes a setting. '
    'Raises: actor_unknown, actor_blocked, role_required, setting_unknown, setting_type.';

grant execute on function ops.setting_set(bigint, text, jsonb) to kardan_api, kardan_bot;
