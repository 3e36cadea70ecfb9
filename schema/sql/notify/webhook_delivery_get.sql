-- One delivery to an address, with what came of it. Reads only.
create or replace function notify.webhook_delivery_get(
    p_actor bigint,
    p_shop bigint,
    p_webhook bigint,
    p_delivery bigint
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
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform market.shop_member_require(p_actor, p_shop, 'manager');
    return query
    select d.id, d.type, d.event_at, d.state, d.attempts, d.due_at, d.done_at, d.status, d.answer,
        d.created_at
    from notify_data.webhook_deliveries as d
    where d.webhook_id = p_webhook
        and d.id = p_delivery
        and exists (
            select
            from notify_data.webhooks as w
            where w.id = p_webhook
                and w.shop_id = p_shop);
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'webhook_delivery_unknown',
            message = 'there is no such delivery';
    end if;
end
$$;

comment on function notify.webhook_delivery_get(bigint, bigint, bigint, bigint) is
    'For managers: a delivery to an address. Raises: actor_unknown, shop_unknown, '
    'shop_role_required, webhook_delivery_unknown.';

grant execute on function notify.webhook_delivery_get(bigint, bigint, bigint, bigint)
    to kardan_api, kardan_bot;
