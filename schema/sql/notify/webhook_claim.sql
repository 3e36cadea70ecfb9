-- Deliveries that are due, for a worker, which has them for so long: never one while an earlier one
-- about the same thing waits or is under way, and few of one address at once: one that answers
-- slowly takes the time of nobody else. What a worker took and did not finish in its time is due
-- again. Locks the addresses, those that have waited longest first, without waiting. What waits for
-- an address that may not be called now is not read.
create or replace function notify.webhook_claim(p_limit integer, p_seconds integer)
returns table (
    delivery_id bigint,
    created_at timestamptz,
    lease uuid,
    webhook_id bigint,
    url text,
    secret text,
    former_secret text,
    message_id text,
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
    v_until constant timestamptz := v_now
        + make_interval(secs => least(greatest(p_seconds, 5), 600));
    v_lease constant uuid := gen_random_uuid();
    v_room integer := least(greatest(coalesce(p_limit, 16), 1), 100);
    v_hooks bigint[] := array[]::bigint[];
    v_hook bigint;
begin
    perform notify.webhooks_bury(v_now);
    for v_hook in
        select w.id
        from notify_data.webhooks as w
        where w.disabled_at is null
            and w.next_at <= v_now
        order by w.next_at
        limit 100
        for no key update skip locked
    loop
        v_room := v_room - notify.webhook_take(v_hook, v_room, v_lease, v_until, v_now);
        v_hooks := v_hooks || v_hook;
        exit when v_room = 0;
    end loop;

    return query
    select d.id, d.created_at, v_lease, d.webhook_id, w.url, w.secret,
        case when w.former_until > v_now then w.former_secret end,
        concat_ws('_', 'evt', nullif(d.epoch, ''), d.webhook_id, d.event_id), d.type, d.event_at,
        e.data
    from notify_data.webhook_deliveries as d
    join notify_data.webhooks as w on w.id = d.webhook_id
    left join notify_data.events as e on e.at = d.event_at and e.id = d.event_id
    where d.webhook_id = any (v_hooks)
        and d.state = 'leased'
        and d.lease = v_lease
    order by d.id;
end
$$;

comment on function notify.webhook_claim(integer, integer) is
    'Deliveries that are due, 1 to 100 (16), for 5 to 600 seconds. message_id is the same however '
    'often it is sent; data is null when the log has forgotten the event. Raises: nothing.';

grant execute on function notify.webhook_claim(integer, integer) to kardan_worker;
