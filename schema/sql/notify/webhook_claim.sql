-- Deliveries that are due, for a worker, which has them for so long: never one while an earlier one
-- about the same thing waits or is under way, and few of one address at once: one that answers
-- slowly takes the time of nobody else. What a worker took and did not finish in its time is due
-- again. Locks the deliveries, without waiting.
create or replace function notify.webhook_claim(p_limit integer, p_seconds integer)
returns table (
    delivery_id bigint,
    created_at timestamptz,
    lease uuid,
    webhook_id bigint,
    url text,
    secret text,
    former_secret text,
    event_id bigint,
    event_type text,
    event_at timestamptz,
    data jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_lease constant uuid := gen_random_uuid();
    -- Calls of one address that are under way at once; two workers at the same moment may make it
    -- twice as many.
    c_calls constant integer := 4;
begin
    perform notify.webhooks_bury(v_now);

    return query
    with busy as (
        select d.webhook_id, count(*) as calls
        from notify_data.webhook_deliveries as d
        where d.state = 'leased'
            and d.due_at > v_now
        group by d.webhook_id
    ),
    -- More than can be taken, as one address may have them all.
    first_due as (
        select d.created_at, d.id, d.due_at, d.webhook_id, coalesce(b.calls, 0) as calls
        from notify_data.webhook_deliveries as d
        join notify_data.webhooks as w on w.id = d.webhook_id and w.disabled_at is null
        left join busy as b on b.webhook_id = d.webhook_id
        where d.state in ('waiting', 'leased')
            and d.due_at <= v_now
            and coalesce(b.calls, 0) < c_calls
            and not exists (
                select
                from notify_data.webhook_deliveries as o
                where o.webhook_id = d.webhook_id
                    and o.object_key = d.object_key
                    and o.id < d.id
                    and o.state in ('waiting', 'leased'))
        order by d.due_at, d.id
        limit 1000
    ),
    turns as (
        select f.created_at, f.id, f.due_at,
            f.calls + row_number() over (partition by f.webhook_id order by f.due_at, f.id) as call
        from first_due as f
    ),
    due as (
        select d.created_at, d.id
        from turns as t
        join notify_data.webhook_deliveries as d on d.created_at = t.created_at and d.id = t.id
        where t.call <= c_calls
            and d.state in ('waiting', 'leased')
            and d.due_at <= v_now
        order by t.due_at, t.id
        limit least(greatest(coalesce(p_limit, 16), 1), 100)
        for no key update of d skip locked
    ),
    taken as (
        update notify_data.webhook_deliveries as d
        set state = 'leased', lease = v_lease, attempts = d.attempts + 1,
            due_at = v_now + make_interval(secs => least(greatest(p_seconds, 5), 600))
        from due as u
        where d.created_at = u.created_at
            and d.id = u.id
        returning d.id, d.created_at, d.webhook_id, d.event_id, d.event_at, d.type
    )
    select t.id, t.created_at, v_lease, t.webhook_id, w.url, w.secret,
        case when w.former_until > v_now then w.former_secret end,
        t.event_id, t.type, t.event_at, e.data
    from taken as t
    join notify_data.webhooks as w on w.id = t.webhook_id
    left join notify_data.events as e on e.at = t.event_at and e.id = t.event_id
    order by t.id;
end
$$;

comment on function notify.webhook_claim(integer, integer) is
    'Deliveries that are due, 1 to 100 (16), for 5 to 600 seconds. data is null when the log has '
    'forgotten the event. Raises: nothing.';

grant execute on function notify.webhook_claim(integer, integer) to kardan_worker;
