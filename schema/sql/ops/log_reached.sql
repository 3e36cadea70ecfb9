-- Whether what was committed up to a position can be seen here: on a standby, if it was replayed;
-- on a primary, always. Reads no table, locks nothing. Volatile: its answer changes within a
-- transaction.
create or replace function ops.log_reached(p_position bigint)
returns table (
    is_reached boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select not pg_is_in_recovery()
        or pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') >= p_position;
end
$$;

comment on function ops.log_reached(bigint) is
    'Can everything up to this position of the write-ahead log, as ops.log_position tells it, be '
    'seen here? Raises: nothing.';

grant execute on function ops.log_reached(bigint) to kardan_api, kardan_bot, kardan_worker;
