-- Guarantees: what happened before this is not sent any more (setting outbox.horizon_days).
create or replace function notify.since(p_now timestamptz)
returns timestamptz
language sql
stable
parallel safe
return p_now - make_interval(days => greatest(1, ops.setting_integer('outbox.horizon_days', 14)));

comment on function notify.since(timestamptz) is
    'Helper: the time of the oldest event that is still sent. Raises: nothing.';
