-- What was sent to an address since a time, or only what was given up, is sent again under the same
-- ids and in its order: for a program that has lost what it heard. The log has seven days. A
-- thousand at once, from the first or the one after p_after on. Locks the address. Idempotent by
-- state: what waits already waits on.
create or replace function notify.webhook_redeliver_since(
    p_actor bigint,
    p_shop bigint,
    p_webhook bigint,
    p_since timestamptz,
    p_is_dead_only boolean,
    p_after bigint
)
returns table (redelivered integer, next_after bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_oldest constant timestamptz := ops.clock_now() - interval '7 days';
    v_found record;
begin
    perform notify.webhook_lock(p_actor, p_shop, p_webhook);
    if p_since is null or p_since < v_oldest then
        raise exception using
            errcode = 'ZINVL', constraint = 'webhook_since_range',
            message = 'the log of events reaches back seven days';
    end if;
    select array_agg(f.created_at order by f.id) as times, array_agg(f.id order by f.id) as ids
    into v_found
    from (
        select d.created_at, d.id
        from notify_data.webhook_deliveries as d
        where d.webhook_id = p_webhook
            and d.created_at >= p_since
            and d.event_at >= p_since
            and d.id > coalesce(p_after, 0)
            and d.state in ('done', 'dead')
            and (d.state = 'dead' or not coalesce(p_is_dead_only, false))
            and d.type <> 'webhook.ping'
        order by d.id
        limit 1000
    ) as f;

    return query
    select notify.webhook_again(
            p_webhook, coalesce(v_found.times, '{}'), coalesce(v_found.ids, '{}')),
        case when cardinality(v_found.ids) = 1000 then v_found.ids[1000] end;
end
$$;

comment on function notify.webhook_redeliver_since(
    bigint, bigint, bigint, timestamptz, boolean, bigint) is
    'A manager has everything since a time sent again, a thousand at once; next_after is null when '
    'that was all. Raises: actor_unknown, actor_blocked, shop_unknown, shop_role_required, '
    'webhook_unknown, webhook_since_range.';

grant execute on function notify.webhook_redeliver_since(
    bigint, bigint, bigint, timestamptz, boolean, bigint) to kardan_api, kardan_bot;
