-- Changes an address, and switches it off or on again: what it missed meanwhile is told then, as
-- far as the log reaches, seven days. Null leaves as it is. Locks the address. Idempotent by
-- state.
create or replace function notify.webhook_update(
    p_actor bigint,
    p_shop bigint,
    p_webhook bigint,
    p_url text,
    p_types text[],
    p_is_on boolean
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
    perform notify.webhook_url_require(p_url);
    update notify_data.webhooks as w
    set url = coalesce(p_url, w.url),
        types = coalesce(p_types, w.types),
        disabled_at = case when not n.is_off then null
            else coalesce(w.disabled_at, ops.clock_now()) end,
        disabled_why = case when not n.is_off then null else coalesce(w.disabled_why, 'asked') end,
        failing_since = case when p_is_on then null else w.failing_since end,
        is_behind = w.is_behind or w.disabled_at is not null and not n.is_off,
        next_at = case when w.disabled_at is not null and not n.is_off
            then ops.clock_now() else w.next_at end
    from (
        select coalesce(not p_is_on, o.disabled_at is not null) as is_off
        from notify_data.webhooks as o
        where o.id = p_webhook
    ) as n
    where w.id = p_webhook;

    return query
    select
        r.webhook_id, r.shop_id, r.url, r.types, r.former_until, r.failing_since,
        r.disabled_at, r.disabled_why, r.created_by, r.created_at
    from notify.webhook_rows as r
    where r.webhook_id = p_webhook;
end
$$;

comment on function notify.webhook_update(bigint, bigint, bigint, text, text[], boolean) is
    'A manager changes an address, or switches it on and off. Raises: actor_unknown, '
    'actor_blocked, shop_unknown, shop_role_required, webhook_unknown, webhook_url_https, '
    'webhook_url_shape, webhook_types_few, webhook_types_shape.';

grant execute on function notify.webhook_update(bigint, bigint, bigint, text, text[], boolean)
    to kardan_api, kardan_bot;
