-- A step: what the log has forgotten cannot be sent, and holds nothing up. Locks these deliveries.
create or replace function notify.webhooks_bury(p_now timestamptz)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update notify_data.webhook_deliveries as d
    set state = 'dead', lease = null, done_at = p_now, answer = 'the log has forgotten the event'
    where d.state in ('waiting', 'leased')
        and d.due_at <= p_now
        and d.event_at <= p_now - interval '7 days';
end
$$;

comment on function notify.webhooks_bury(timestamptz) is
    'Step: gives up deliveries whose event is no longer in the log. Raises: nothing.';
