-- Guarantees: how long to wait after so many attempts: twice as long each time, up to a ceiling,
-- and up to a quarter more by chance, so that what failed together does not come back together.
create or replace function notify.retry_delay(p_attempts integer)
returns interval
language sql
volatile
parallel restricted
return interval '1 second' * (1 + random() / 4) * least(
    ops.setting_integer('outbox.retry_ceiling_seconds', 3600),
    ops.setting_integer('outbox.retry_seconds', 5) * 2 ^ least(greatest(p_attempts - 1, 0), 20));

comment on function notify.retry_delay(integer) is
    'Helper: the wait before the next attempt. Raises: nothing.';
