-- The one source of time. Tests move it by replacing this function; nothing else in the program
-- asks for the time.
-- Stable and inlinable, so that a comparison with it prunes partitions.
create or replace function ops.clock_now()
returns timestamptz
language sql
stable
parallel safe
return transaction_timestamp();

comment on function ops.clock_now() is 'The time of this transaction. Raises: nothing.';
