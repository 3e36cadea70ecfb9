-- The one source of time. Tests move it by replacing this function; nothing else in the program
-- asks for the time. Stable and inlinable, so that a comparison with it prunes partitions. Granted
-- because a function inside a view runs with the caller's rights, and public views ask what is
-- blocked or shown now.
create or replace function ops.clock_now()
returns timestamptz
language sql
stable
parallel safe
return transaction_timestamp();

comment on function ops.clock_now() is 'The time of this transaction. Raises: nothing.';

grant execute on function ops.clock_now() to kardan_api, kardan_bot;
