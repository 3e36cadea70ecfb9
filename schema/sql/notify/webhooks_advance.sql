-- Puts what happened in shops into the order of their addresses: each event once, in the order of
-- the log, up to the first transaction that is still open. The log is read once for all, and only
-- addresses for whose shops it has something are looked at. One worker at a time; to another there
-- is nothing to do. Locks the row of the reading, then the addresses. Repeated it finds what is
-- new.
create or replace function notify.webhooks_advance(p_limit integer)
returns table (queued integer, is_more boolean)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_open constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
    v_most constant integer := least(greatest(coalesce(p_limit, 100), 1), 1000);
    v_hook bigint;
    v_is_more boolean;
    v_queued integer := 0;
begin
    perform notify.event_line_begin();
    perform r.is_only from notify_data.webhook_reading as r for no key update skip locked;
    if not found then
        return query select 0, false;
        return;
    end if;
    v_is_more := notify.webhooks_mark(v_open, v_now);
    for v_hook in
        select w.id
        from notify_data.webhooks as w
        where w.disabled_at is null
            and w.is_behind
        order by w.id
        limit v_most
        for no key update skip locked
    loop
        v_queued := v_queued + notify.webhook_queue(v_hook, v_open, v_now);
    end loop;
    return query select v_queued, v_is_more or v_queued > 0;
end
$$;

comment on function notify.webhooks_advance(integer) is
    'Queues what is new for addresses of shops, at most 1000 of them (100), and tells how much, '
    'and whether there may be more. Raises: nothing.';

grant execute on function notify.webhooks_advance(integer) to kardan_worker;
