-- A step: what the log has forgotten cannot be sent, and holds nothing up. Up to a thousand at
-- once, of addresses that nobody else looks at. Locks the addresses.
create or replace function notify.webhooks_bury(p_now timestamptz)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_hook bigint;
    v_objects text[];
begin
    for v_hook in
        select w.id
        from notify_data.webhooks as w
        where w.id in (
            select o.webhook_id
            from (
                select d.webhook_id
                from notify_data.webhook_deliveries as d
                where d.state in ('behind', 'waiting', 'leased')
                    and d.event_at <= p_now - interval '7 days'
                limit 1000
            ) as o)
        for no key update skip locked
    loop
        with gone as (
            update notify_data.webhook_deliveries as d
            set state = 'dead', lease = null, done_at = p_now,
                answer = 'the log has forgotten the event'
            from (
                select o.created_at, o.id
                from notify_data.webhook_deliveries as o
                where o.state in ('behind', 'waiting', 'leased')
                    and o.event_at <= p_now - interval '7 days'
                    and o.webhook_id = v_hook
                    and (o.state <> 'leased' or o.due_at <= p_now)
                limit 1000
            ) as f
            where d.created_at = f.created_at
                and d.id = f.id
            returning d.object_key
        )
        select array_agg(distinct g.object_key) into v_objects from gone as g;
        perform notify.webhook_heads(v_hook, coalesce(v_objects, '{}'));
        update notify_data.webhooks as w
        set next_at = notify.webhook_due_at(w.id)
        where w.id = v_hook;
    end loop;
end
$$;

comment on function notify.webhooks_bury(timestamptz) is
    'Step: gives up deliveries whose event is no longer in the log. Raises: nothing.';
