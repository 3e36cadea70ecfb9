-- A test call: the address is told webhook.ping, whatever it wants to hear, once, and before what
-- waits for it; how it answered stands in the delivery. Only one that is on. Locks the address.
-- Idempotent by state: while one is on its way, that one is given.
create or replace function notify.webhook_ping(
    p_actor bigint,
    p_shop bigint,
    p_webhook bigint
)
returns table (
    delivery_id bigint,
    event_type text,
    event_at timestamptz,
    state text,
    attempts integer,
    due_at timestamptz,
    done_at timestamptz,
    status integer,
    answer text,
    created_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_event bigint;
begin
    perform notify.webhook_lock(p_actor, p_shop, p_webhook);
    if exists (
        select
        from notify_data.webhooks as w
        where w.id = p_webhook
            and w.disabled_at is not null)
    then
        raise exception using
            errcode = 'ZCONF', constraint = 'webhook_off',
            message = 'the address is switched off';
    end if;
    if not exists (
        select
        from notify_data.webhook_deliveries as d
        where d.webhook_id = p_webhook
            and d.object_key = 'ping'
            and d.state in ('waiting', 'leased'))
    then
        insert into notify_data.events (at, type, user_id, event_at, data)
        values (
            v_now, 'webhook.ping', p_actor, v_now,
            jsonb_build_object('shop_id', p_shop, 'webhook_id', p_webhook))
        returning id into v_event;
        -- Nothing waits for longer than seven days, so it is before all others.
        insert into notify_data.webhook_deliveries (
            created_at, webhook_id, event_id, event_at, type, object_key, due_at, epoch)
        values (
            v_now, p_webhook, v_event, v_now, 'webhook.ping', 'ping', v_now - interval '8 days',
            notify.event_epoch());
        update notify_data.webhooks as w
        set next_at = least(w.next_at, v_now)
        where w.id = p_webhook;
    end if;

    return query
    select d.id, d.type, d.event_at, d.state, d.attempts, d.due_at, d.done_at, d.status, d.answer,
        d.created_at
    from notify_data.webhook_deliveries as d
    where d.webhook_id = p_webhook
        and d.object_key = 'ping'
        and d.state in ('waiting', 'leased');
end
$$;

comment on function notify.webhook_ping(bigint, bigint, bigint) is
    'A manager has an address called to see whether it answers. Raises: actor_unknown, '
    'actor_blocked, shop_unknown, shop_role_required, webhook_unknown, webhook_off.';

grant execute on function notify.webhook_ping(bigint, bigint, bigint) to kardan_api, kardan_bot;
