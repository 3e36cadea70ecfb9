-- A new secret for an address: for a day what is sent is signed with both. Locks the address.
-- Idempotent by the secret.
create or replace function notify.webhook_rotate(
    p_actor bigint,
    p_shop bigint,
    p_webhook bigint,
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
begin
    perform notify.webhook_lock(p_actor, p_shop, p_webhook);
    update notify_data.webhooks as w
    set former_secret = w.secret, former_until = ops.clock_now() + interval '24 hours',
        secret = p_secret
    where w.id = p_webhook
        and w.secret <> p_secret;
    if found then
        perform ops.audit_write(
            p_actor, 'webhook.rotate', 'shop', p_shop::text,
            jsonb_build_object('webhook_id', p_webhook));
    end if;

    return query
    select
        r.webhook_id, r.shop_id, r.url, r.types, r.former_until, r.failing_since,
        r.disabled_at, r.disabled_why, r.created_by, r.created_at
    from notify.webhook_rows as r
    where r.webhook_id = p_webhook;
end
$$;

comment on function notify.webhook_rotate(bigint, bigint, bigint, text) is
    'A manager gives an address a new secret; the former one signs beside it for 24 hours. '
    'Raises: actor_unknown, actor_blocked, shop_unknown, shop_role_required, webhook_unknown, '
    'webhook_secret_shape.';

grant execute on function notify.webhook_rotate(bigint, bigint, bigint, text)
    to kardan_api, kardan_bot;
