-- What was sent to an address and what is still to be, the latest first. Reads only.
create or replace function notify.webhook_delivery_list(
    p_actor bigint,
    p_shop bigint,
    p_webhook bigint,
    p_limit integer,
    p_after bigint
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
        and exists (
            select
            from notify_data.webhooks as w
            where w.id = p_webhook
                and w.shop_id = p_shop)
        and (p_after is null or d.id < p_after)
    order by d.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function notify.webhook_delivery_list(bigint, bigint, bigint, integer, bigint) is
    'For managers: deliveries to an address of the last 30 days, 1 to 100 at a time (20), after '
    'the given one. Raises: actor_unknown, shop_unknown, shop_role_required.';

grant execute on function notify.webhook_delivery_list(bigint, bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
