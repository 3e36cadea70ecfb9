-- Changes a known setting; the type of its value stays, and a whole number stays one that fits an
-- integer, because the program reads it as one. Locks the setting's row. Idempotent by state:
-- setting what is set already changes and records nothing.
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
    if jsonb_typeof(p_value) = 'number'
        and mod((v_former #>> '{}')::numeric, 1) = 0
        and (mod((p_value #>> '{}')::numeric, 1) <> 0
            or (p_value #>> '{}')::numeric not between 0 and 2147483647)
    then
        raise exception using
            errcode = 'ZINVL', constraint = 'setting_whole_number',
            message = 'the value is no whole number from 0 to 2147483647';
    end if;

    if p_value <> v_former then
        update ops_data.settings as s
        set value = p_value, updated_at = v_now, updated_by = p_actor
        where s.key = p_key;
        perform ops.audit_write(
            p_actor, 'setting.set', 'setting', p_key,
            jsonb_build_object('from', v_former, 'to', p_value));
    end if;

    return query
    select s.key, s.value, s.description, s.updated_at, s.updated_by
    from ops_data.settings as s
    where s.key = p_key;
end
$$;

comment on function ops.setting_set(bigint, text, jsonb) is
    'An administrator changes a setting. '
    'Raises: actor_unknown, actor_blocked, role_required, setting_unknown, setting_type, '
    'setting_whole_number.';

grant execute on function ops.setting_set(bigint, text, jsonb) to kardan_api, kardan_bot;
