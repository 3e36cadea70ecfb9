-- Puts what happened in shops into the order of their addresses: each event once, in the order of
-- the log, up to the first transaction that is still open. Addresses that another worker looks at
-- are left to it. Locks the addresses, without waiting. Repeated it finds what is new.
create or replace function notify.webhooks_advance(p_limit integer)
returns table (queued integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_open constant bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    v_hook record;
    v_last record;
    v_count integer := 0;
begin
    for v_hook in
        select w.id, w.shop_id, w.types, w.born, w.told_xid, w.told_id
        from notify_data.webhooks as w
        where w.disabled_at is null
            and w.told_xid < v_open - 1
        order by w.told_xid, w.id
        limit least(greatest(coalesce(p_limit, 100), 1), 1000)
        for no key update skip locked
    loop
        with news as (
            select e.written_by::text::bigint as xid, e.id, e.at, e.type, e.event_at, e.data
            from notify_data.events as e
            where e.shop_id = v_hook.shop_id
                and e.at > v_now - interval '7 days'
                and (e.written_by, e.id)
                    > (v_hook.told_xid::text::xid8, v_hook.told_id)
                and e.written_by < v_open::text::xid8
                and not pg_visible_in_snapshot(e.written_by, v_hook.born)
            order by e.written_by, e.id
            limit 500
        ),
        added as (
            insert into notify_data.webhook_deliveries (
                created_at, webhook_id, event_id, event_at, type, object_key, due_at)
            select v_now, v_hook.id, n.id, n.at, n.type, notify.event_object(n.type, n.data), v_now
            from news as n
            where v_hook.types = '{}'
                or n.type = any (v_hook.types)
            order by n.xid, n.id
            returning 1
        )
        select (select count(*) from added) as added, count(*) as seen,
            (array_agg(n.xid order by n.xid desc, n.id desc))[1] as xid,
            (array_agg(n.id order by n.xid desc, n.id desc))[1] as id
        into v_last
        from news as n;

        update notify_data.webhooks as w
        set told_xid = case when v_last.seen = 500 then v_last.xid else v_open - 1 end,
            told_id = case when v_last.seen = 500 then v_last.id else 9223372036854775807 end
        where w.id = v_hook.id;
        v_count := v_count + v_last.added;
    end loop;
    return query select v_count;
end
$$;

comment on function notify.webhooks_advance(integer) is
    'Queues what is new for addresses of shops, at most 1000 of them (100), and tells how much. '
    'Raises: nothing.';

grant execute on function notify.webhooks_advance(integer) to kardan_worker;
