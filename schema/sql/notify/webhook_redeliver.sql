-- What was sent, or given up, is sent again under the same id, so a program that has it already can
-- tell. Locks the address, then the delivery. Idempotent by state: what waits already waits on.
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
    v_now constant timestamptz := ops.clock_now();
begin
    perform notify.webhook_lock(p_actor, p_shop, p_webhook);
    update notify_data.webhook_deliveries as d
    set state = case when d.state in ('done', 'dead') then 'waiting' else d.state end,
        attempts = case when d.state in ('done', 'dead') then 0 else d.attempts end,
        due_at = case when d.state in ('done', 'dead') then v_now else d.due_at end,
        done_at = case when d.state in ('done', 'dead') then null else d.done_at end
    where d.webhook_id = p_webhook
        and d.id = p_delivery;
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'webhook_delivery_unknown',
            message = 'there is no such delivery';
    end if;
end
$$;

comment on function notify.webhook_redeliver(bigint, bigint, bigint, bigint) is
    'A manager has a delivery sent again. Raises: actor_unknown, actor_blocked, shop_unknown, '
    'shop_role_required, webhook_unknown, webhook_delivery_unknown.';

grant execute on function notify.webhook_redeliver(bigint, bigint, bigint, bigint)
    to kardan_api, kardan_bot;
