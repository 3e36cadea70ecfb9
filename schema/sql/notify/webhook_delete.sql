-- An address hears nothing any more, and what waited for it is not sent. Locks the shop's
-- address. Idempotent by state: deleting what is not there changes nothing.
create or replace function notify.webhook_delete(p_actor bigint, p_shop bigint, p_webhook bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_member_require(p_actor, p_shop, 'manager');
    delete from notify_data.webhooks as w
    where w.id = p_webhook
        and w.shop_id = p_shop;
    if found then
        update notify_data.webhook_deliveries as d
        set state = 'dead', lease = null, done_at = ops.clock_now()
        where d.webhook_id = p_webhook
            and d.state in ('behind', 'waiting', 'leased');
        perform ops.audit_write(
            p_actor, 'webhook.delete', 'shop', p_shop::text,
            jsonb_build_object('webhook_id', p_webhook));
    end if;
end
$$;

comment on function notify.webhook_delete(bigint, bigint, bigint) is
    'A manager takes an address away. Raises: actor_unknown, actor_blocked, shop_unknown, '
    'shop_role_required.';

grant execute on function notify.webhook_delete(bigint, bigint, bigint) to kardan_api, kardan_bot;
