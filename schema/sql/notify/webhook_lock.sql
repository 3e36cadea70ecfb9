-- A step: a manager of the shop may change this address of it, which is locked.
create or replace function notify.webhook_lock(p_actor bigint, p_shop bigint, p_webhook bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_member_require(p_actor, p_shop, 'manager');
    perform w.id
    from notify_data.webhooks as w
    where w.id = p_webhook
        and w.shop_id = p_shop
    for no key update;
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'webhook_unknown',
            message = 'the shop has no such address';
    end if;
end
$$;

comment on function notify.webhook_lock(bigint, bigint, bigint) is
    'Step: locks an address for a manager of its shop. Raises: actor_unknown, actor_blocked, '
    'shop_unknown, shop_role_required, webhook_unknown.';
