-- A job: forgets its own history after a week. Runs again safely.
create or replace function ops.job_runs_purge()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    delete from ops_data.job_runs as r
    where r.started_at <= v_now - interval '7 days';
end
$$;

comment on function ops.job_runs_purge() is 'Forgets runs of jobs after a week. Raises: nothing.';

grant execute on function ops.job_runs_purge() to kardan_maintenance;
