-- A step of erasure: these shops have no addresses any more, and nothing waits for them.
-- Locks the addresses. Idempotent.
create or replace function notify.webhooks_forget(p_shops bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Whoever changes deliveries holds their address.
    perform w.id
    from notify_data.webhooks as w
    where w.shop_id = any (p_shops)
    order by w.id
    for update;
    update notify_data.webhook_deliveries as d
    set state = 'dead', lease = null, done_at = ops.clock_now()
    where d.webhook_id in (
            select w.id from notify_data.webhooks as w where w.shop_id = any (p_shops))
        and d.state in ('behind', 'waiting', 'leased');
    delete from notify_data.webhooks as w where w.shop_id = any (p_shops);
end
$$;

comment on function notify.webhooks_forget(bigint[]) is
    'Step: takes the addresses of shops away. Raises: nothing.';
