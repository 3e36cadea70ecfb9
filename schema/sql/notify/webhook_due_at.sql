-- Guarantees: when the first of what waits for an address or is under way to it is due; null when
-- there is nothing. Reads one entry of the index of each day.
create or replace function notify.webhook_due_at(p_webhook bigint)
returns timestamptz
language sql
stable
parallel safe
return (
    select d.due_at
    from notify_data.webhook_deliveries as d
    where d.webhook_id = p_webhook
        and d.state in ('waiting', 'leased')
    order by d.due_at
    limit 1);

comment on function notify.webhook_due_at(bigint) is
    'Helper: when an address is to be looked at next. Raises: nothing.';
