-- How far the log is written: whoever reads from a standby that is as far sees all that was
-- committed before this call. Reads no table, locks nothing.
create or replace function ops.log_position()
returns table (
    log_position bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint;
end
$$;

comment on function ops.log_position() is
    'Bytes of the write-ahead log that are written, counted from its beginning; for a primary. '
    'Raises: nothing.';

grant execute on function ops.log_position() to kardan_api, kardan_bot, kardan_worker;
