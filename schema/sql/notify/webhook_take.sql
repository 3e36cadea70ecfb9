-- A step: takes what is due of one address, as far as its calls and the caller's room reach, and
-- says how much. The caller holds the address.
create or replace function notify.webhook_take(
    p_webhook bigint,
    p_room integer,
    p_lease uuid,
    p_until timestamptz,
    p_now timestamptz
)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Calls of one address that are under way at once.
    c_calls constant integer := 4;
    v_calls integer;
    v_taken integer;
begin
    v_calls := (
        select count(*)
        from notify_data.webhook_deliveries as d
        where d.webhook_id = p_webhook
            and d.state = 'leased'
            and d.due_at > p_now);
    update notify_data.webhook_deliveries as d
    set state = 'leased', lease = p_lease, attempts = d.attempts + 1, due_at = p_until
    from (
        select f.created_at, f.id
        from notify_data.webhook_deliveries as f
        where f.webhook_id = p_webhook
            and f.state in ('waiting', 'leased')
            and f.due_at <= p_now
        order by f.due_at, f.id
        limit greatest(least(c_calls - v_calls, p_room), 0)
    ) as u
    where d.created_at = u.created_at
        and d.id = u.id;
    get diagnostics v_taken = row_count;
    -- With all its calls under way it is looked at when one has come to its end, whatever waits.
    update notify_data.webhooks as w
    set next_at = case
            when v_calls + v_taken < c_calls then notify.webhook_due_at(p_webhook)
            else (
                select min(d.due_at)
                from notify_data.webhook_deliveries as d
                where d.webhook_id = p_webhook
                    and d.state = 'leased')
        end
    where w.id = p_webhook;
    return v_taken;
end
$$;

comment on function notify.webhook_take(bigint, integer, uuid, timestamptz, timestamptz) is
    'Step: takes deliveries of an address that are due. Raises: nothing.';
