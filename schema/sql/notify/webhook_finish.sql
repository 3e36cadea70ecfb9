-- What came of a delivery: done, or tried again later and later, for about three days, or given
-- up. An address that says it is gone (410), or that failed for five days, is told nothing more,
-- and who made it hears that; a test call is made once and says nothing of the address. Whoever
-- lost the lease changes nothing. Locks the address. Idempotent by the lease.
create or replace function notify.webhook_finish(
    p_delivery bigint,
    p_created_at timestamptz,
    p_lease uuid,
    p_is_done boolean,
    p_status integer,
    p_answer text
)
returns table (state text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_most constant integer := 14;
    v_row record;
begin
    perform w.id
    from notify_data.webhooks as w
    where w.id = (
        select d.webhook_id
        from notify_data.webhook_deliveries as d
        where d.created_at = p_created_at
            and d.id = p_delivery
            and d.lease = p_lease)
    for no key update;
    update notify_data.webhook_deliveries as d
    set state = f.state, lease = null, status = p_status, answer = left(p_answer, 500),
        done_at = case when f.state <> 'behind' then v_now end,
        -- 5 s, 10 s, … half a day: some three days in all.
        due_at = v_now + interval '1 second' * (1 + random() / 4)
            * least(43200, 5 * 3 ^ least(d.attempts - 1, 10))
    from (
        select case when p_is_done then 'done'
            when o.attempts >= v_most or o.type = 'webhook.ping' then 'dead' else 'behind' end
        from notify_data.webhook_deliveries as o
        where o.created_at = p_created_at
            and o.id = p_delivery
    ) as f (state)
    where d.created_at = p_created_at
        and d.id = p_delivery
        and d.lease = p_lease
    returning d.state, d.webhook_id, d.object_key, d.type = 'webhook.ping' as is_ping
    into v_row;
    if not found then
        return;
    end if;

    perform notify.webhook_heads(v_row.webhook_id, array[v_row.object_key]);
    update notify_data.webhooks as w
    set next_at = notify.webhook_due_at(w.id),
        failing_since = case when v_row.is_ping then w.failing_since
            when not p_is_done then coalesce(w.failing_since, v_now) end
    where w.id = v_row.webhook_id;
    if not (p_is_done or v_row.is_ping) then
        perform notify.webhook_give_up(v_row.webhook_id, p_status);
    end if;
    return query select case v_row.state when 'behind' then 'waiting' else v_row.state end;
end
$$;

comment on function notify.webhook_finish(
    bigint, timestamptz, uuid, boolean, integer, text) is
    'A worker tells what came of a delivery; no row when it had lost the lease. Raises: nothing.';

grant execute on function notify.webhook_finish(bigint, timestamptz, uuid, boolean, integer, text)
    to kardan_worker;
