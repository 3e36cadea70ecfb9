-- What was sent, or given up, is sent again under the same id, so a program that has it already can
-- tell; what is later about the same thing waits for it. Locks the address. Idempotent by state:
-- what waits already waits on.
create or replace function notify.webhook_redeliver(
    p_actor bigint,
    p_shop bigint,
    p_webhook bigint,
    p_delivery bigint
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_delivery record;
begin
    perform notify.webhook_lock(p_actor, p_shop, p_webhook);
    select d.created_at, d.id, d.type into v_delivery
    from notify_data.webhook_deliveries as d
    where d.webhook_id = p_webhook
        and d.id = p_delivery;
    if v_delivery.id is null or v_delivery.type = 'webhook.ping' then
        raise exception using
            errcode = 'ZNFND', constraint = 'webhook_delivery_unknown',
            message = 'there is no such delivery';
    end if;
    perform notify.webhook_again(
        p_webhook, array[v_delivery.created_at], array[v_delivery.id]);
end
$$;

comment on function notify.webhook_redeliver(bigint, bigint, bigint, bigint) is
    'A manager has a delivery sent again. Raises: actor_unknown, actor_blocked, shop_unknown, '
    'shop_role_required, webhook_unknown, webhook_delivery_unknown.';

grant execute on function notify.webhook_redeliver(bigint, bigint, bigint, bigint)
    to kardan_api, kardan_bot;
