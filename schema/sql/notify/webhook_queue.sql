-- A step: puts what is new for one address into its order, up to the first transaction that is
-- still open, 500 events of its shop at once; tells how many it wants. The caller holds the
-- address.
create or replace function notify.webhook_queue(
    p_webhook bigint,
    p_open xid8,
    p_now timestamptz
)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_epoch constant text := notify.event_epoch();
    v_hook record;
    v_last record;
begin
    select w.shop_id, w.types, w.told_xid::text::xid8 as told_xid, w.told_id, w.born,
        greatest(
            p_now - interval '7 days',
            (select l.readable_since from notify_data.event_lines as l)) as since
    into strict v_hook
    from notify_data.webhooks as w
    where w.id = p_webhook;
    with news as materialized (
        select e.written_by, e.id, e.at, e.type,
            notify.event_object(e.type, e.data) as object_key
        from notify_data.events as e
        where e.shop_id = v_hook.shop_id
            and e.at > v_hook.since
            and (e.written_by, e.id) > (v_hook.told_xid, v_hook.told_id)
            and e.written_by < p_open
            and not pg_visible_in_snapshot(e.written_by, v_hook.born)
        order by e.written_by, e.id
        limit 500
    ),
    added as (
        insert into notify_data.webhook_deliveries (
            created_at, webhook_id, event_id, event_at, type, object_key, due_at, epoch, state)
        select p_now, p_webhook, n.id, n.at, n.type, n.object_key, p_now, v_epoch,
            case when row_number() over (
                    partition by n.object_key order by n.written_by, n.id) = 1
                and not exists (
                    select
                    from notify_data.webhook_deliveries as o
                    where o.webhook_id = p_webhook
                        and o.object_key = n.object_key
                        and o.state in ('waiting', 'leased'))
                then 'waiting' else 'behind' end
        from news as n
        where v_hook.types = '{}'
            or n.type = any (v_hook.types)
        order by n.written_by, n.id
        returning 1
    )
    select (select count(*) from added)::integer as added, count(*) = 500 as is_more,
        max(n.written_by::text::bigint) as xid,
        (array_agg(n.id order by n.written_by desc, n.id desc))[1] as id
    into v_last
    from news as n;
    update notify_data.webhooks as w
    set told_xid = case when v_last.is_more then v_last.xid else p_open::text::bigint - 1 end,
        told_id = case when v_last.is_more then v_last.id else 9223372036854775807 end,
        is_behind = v_last.is_more,
        next_at = case when v_last.added > 0 then least(w.next_at, p_now) else w.next_at end
    where w.id = p_webhook;
    return v_last.added;
end
$$;

comment on function notify.webhook_queue(bigint, xid8, timestamptz) is
    'Step: queues what is new for an address. Raises: nothing.';
