-- A job: lets pg_partman make the partitions ahead of time and drop those past their retention.
-- Runs again safely.
create or replace function ops.partitions_maintain()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform partman.run_maintenance(p_analyze => false);
end
$$;

comment on function ops.partitions_maintain() is
    'Makes partitions ahead of time and drops those past their retention. Raises: nothing.';

grant execute on function ops.partitions_maintain() to kardan_maintenance;
