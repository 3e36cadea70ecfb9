-- Guarantees: alerts that begin to ring or end with this report are told in one notice, to every
-- administrator or in the chat that the setting alerts.chat names; the rest of the report was told
-- before. So a report may be repeated, by one Alertmanager or by several, and one that comes after
-- its end rings nothing. After 90 days an alert is forgotten. Locks: the rows of the alerts in
-- their order, then what notify.tell and notify.post lock.
create or replace function notify.alerts_report(p_actor bigint, p_alerts jsonb)
returns table (
    news_count integer,
    told_count integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_news jsonb;
begin
    perform people.actor_require(p_actor, 'admin');
    if coalesce(jsonb_array_length(
        case when jsonb_typeof(p_alerts) = 'array' then p_alerts end), 1001) > 1000
    then
        raise exception using
            errcode = 'ZINVL', constraint = 'alerts_count',
            message = 'an array of at most 1000 alerts';
    end if;

    delete from notify_data.alerts as a
    where greatest(a.ended_at, a.heard_at) < v_now - interval '2160 hours';
    with reported as (
        -- Of one alert that stands there twice, its end.
        select distinct on (r.fingerprint, r.started_at) r.fingerprint, r.started_at, r.ended_at
        from jsonb_to_recordset(p_alerts)
            as r (fingerprint text, started_at timestamptz, ended_at timestamptz)
        order by r.fingerprint, r.started_at, r.ended_at
    ),
    news as (
        insert into notify_data.alerts as a (fingerprint, started_at, ended_at, heard_at)
        select r.fingerprint, r.started_at, r.ended_at, v_now
        from reported as r
        order by r.fingerprint, r.started_at
        on conflict (fingerprint, started_at) do update
        set ended_at = excluded.ended_at
        where a.ended_at is null
            and excluded.ended_at is not null
        returning a.fingerprint, a.started_at, a.ended_at
    )
    select jsonb_agg(r.alert order by r.place) into v_news
    from (
        select distinct on (n.fingerprint, n.started_at) r.alert, r.place
        from news as n
        join jsonb_array_elements(p_alerts) with ordinality as r (alert, place)
            on r.alert ->> 'fingerprint' = n.fingerprint
            and (r.alert ->> 'started_at')::timestamptz = n.started_at
            and (r.alert ->> 'ended_at')::timestamptz is not distinct from n.ended_at
    ) as r;

    return query
    select
        coalesce(jsonb_array_length(v_news), 0),
        case when v_news is null then 0 else notify.alerts_tell(v_news, v_now) end;
end
$$;

comment on function notify.alerts_report(bigint, jsonb) is
    'Takes a report of Alertmanager, an array of {fingerprint, name, severity, summary, '
    'description, runbook, started_at, ended_at}; ended_at is null while an alert rings. Tells how '
    'many of them were new, and how many people or chats are told of them. Raises: actor_unknown, '
    'actor_blocked, role_required, alerts_count, alert_fingerprint_length.';

grant execute on function notify.alerts_report(bigint, jsonb) to kardan_api;
