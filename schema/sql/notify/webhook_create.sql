-- An address of a program of the shop, which hears what happens from now on; at most 10 of a shop.
-- Locks the shop. Not idempotent: called again it is another address.
create or replace function notify.webhook_create(
    p_actor bigint,
    p_shop bigint,
    p_url text,
    p_types text[],
    p_secret text
)
returns table (
    webhook_id bigint,
    shop_id bigint,
    url text,
    types text[],
    former_until timestamptz,
    failing_since timestamptz,
    disabled_at timestamptz,
    disabled_why text,
    created_by bigint,
    created_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook bigint;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_lock(p_shop);
    perform market.shop_member_require(p_actor, p_shop, 'manager');
    perform notify.webhook_url_require(p_url);
    if (select count(*) from notify_data.webhooks as w where w.shop_id = p_shop) >= 10 then
        raise exception using
            errcode = 'ZCONF', constraint = 'webhook_limit',
            message = 'the shop has 10 addresses already';
    end if;
    insert into notify_data.webhooks (
        shop_id, url, types, secret, born, told_xid, created_by, created_at)
    values (
        p_shop, p_url, coalesce(p_types, '{}'), p_secret, pg_current_snapshot(),
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, p_actor, ops.clock_now())
    returning id into v_webhook;
    perform ops.audit_write(
        p_actor, 'webhook.create', 'shop', p_shop::text,
        jsonb_build_object('webhook_id', v_webhook));

    return query
    select
        r.webhook_id, r.shop_id, r.url, r.types, r.former_until, r.failing_since,
        r.disabled_at, r.disabled_why, r.created_by, r.created_at
    from notify.webhook_rows as r
    where r.webhook_id = v_webhook;
end
$$;

comment on function notify.webhook_create(bigint, bigint, text, text[], text) is
    'A manager of a shop has its events told to an address; without types, all of them. Raises: '
    'actor_unknown, actor_blocked, shop_unknown, shop_role_required, webhook_limit, '
    'webhook_url_https, webhook_url_shape, webhook_types_few, webhook_types_shape, '
    'webhook_secret_shape.';

grant execute on function notify.webhook_create(bigint, bigint, text, text[], text)
    to kardan_api, kardan_bot;
