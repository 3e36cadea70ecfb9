-- A step: tells of alerts, ten of them at most by name, those that ring first; all are counted. To
-- the chat of the setting alerts.chat, else to every administrator. Locks what notify.tell and
-- notify.post lock.
create or replace function notify.alerts_tell(p_alerts jsonb, p_at timestamptz)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Alerts of one report are new once, so they are a key.
    v_key constant text := 'alerts:' || md5(p_alerts::text);
    v_chat constant text := ops.setting_text('alerts.chat', '');
    v_data jsonb;
begin
    select jsonb_build_object(
        'language', ops.setting_text('alerts.chat_language', 'ru'),
        'firing', count(*) filter (where a.ended_at is null),
        'resolved', count(*) filter (where a.ended_at is not null),
        'alerts', jsonb_agg(
            jsonb_build_object(
                'name', left(a.name, 100),
                'severity', left(a.severity, 20),
                'summary', left(a.summary, 300),
                'description', left(a.description, 500),
                'runbook', left(a.runbook, 300),
                'has_ended', a.ended_at is not null,
                'started_at', a.started_at,
                'ended_at', a.ended_at)
            order by a.place) filter (where a.place <= 10))
    into v_data
    from (
        select r.name, r.severity, r.summary, r.description, r.runbook, r.started_at, r.ended_at,
            row_number() over (
                order by
                    r.ended_at is not null,
                    coalesce(array_position(array['critical', 'warning', 'info'], r.severity), 4),
                    r.started_at, r.name) as place
        from jsonb_to_recordset(p_alerts) as r (
            name text, severity text, summary text, description text, runbook text,
            started_at timestamptz, ended_at timestamptz)
    ) as a;

    if v_chat ~ '^-[1-9][0-9]{0,17}$' then
        perform notify.post(v_chat::bigint, 'alert.reported', v_key, p_at, v_data);
        return 1;
    end if;
    return notify.tell(
        array(select r.user_id from people.recipients as r where r.role = 'admin'),
        'alert.reported', v_key, p_at, v_data);
end
$$;

comment on function notify.alerts_tell(jsonb, timestamptz) is
    'Step: tells administrators of alerts that are new and gives the number of those who are '
    'told, or 1 for the chat. Raises: nothing.';
