-- A step: reads the log on for all addresses, up to the first transaction that is still open, 5000
-- events at once, and marks those whose shop is in it; tells whether there is more. The caller
-- holds the row of the reading. Locks the addresses that it marks.
create or replace function notify.webhooks_mark(p_open xid8, p_now timestamptz)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from record;
    v_read record;
begin
    select r.told_xid::text::xid8 as told_xid, r.told_id, r.read_at
    into strict v_from
    from notify_data.webhook_reading as r;
    with news as materialized (
        select e.written_by, e.id, e.shop_id
        from notify_data.events as e
        -- No transaction is open for longer than a day.
        where e.at > v_from.read_at - interval '1 day'
            and (e.written_by, e.id) > (v_from.told_xid, v_from.told_id)
            and e.written_by < p_open
        order by e.written_by, e.id
        limit 5000
    ),
    marked as (
        update notify_data.webhooks as w
        set is_behind = true
        where w.shop_id in (select n.shop_id from news as n where n.shop_id is not null)
            and not w.is_behind
            and w.disabled_at is null
    )
    select count(*) as seen, max(n.written_by::text::bigint) as xid,
        (array_agg(n.id order by n.written_by desc, n.id desc))[1] as id
    into v_read
    from news as n;
    update notify_data.webhook_reading as r
    set told_xid = case when v_read.seen = 5000 then v_read.xid else p_open::text::bigint - 1 end,
        told_id = case when v_read.seen = 5000 then v_read.id else 9223372036854775807 end,
        read_at = case when v_read.seen = 5000 then r.read_at else p_now end
    where v_read.seen > 0
        or r.read_at < p_now - interval '1 hour';
    return v_read.seen = 5000;
end
$$;

comment on function notify.webhooks_mark(xid8, timestamptz) is
    'Step: marks the addresses for which the log has something new. Raises: nothing.';
