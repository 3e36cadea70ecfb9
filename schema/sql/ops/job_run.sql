-- Runs one declared job now. An advisory lock of the transaction keeps two runners apart: the
-- second finds the job
-- running and does nothing. A failure is recorded and told, and never stops other jobs.
create or replace function ops.job_run(p_name text)
returns table (
    name text,
    outcome text,
    error text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_command text;
    v_error text;
begin
    select j.command into v_command
    from ops_data.jobs as j
    where j.name = p_name;

    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'job_unknown',
            message = format('there is no job %s', p_name);
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended('kardan.job:' || p_name, 0)) then
        return query select p_name, 'running', null::text;
        return;
    end if;

    v_error := ops.job_attempt(v_command);
    insert into ops_data.job_runs (job_name, started_at, error)
    values (p_name, v_now, v_error);
    return query select p_name, case when v_error is null then 'done' else 'failed' end, v_error;
end
$$;

comment on function ops.job_run(text) is
    'Runs a declared job now, unless it is running. outcome: done, running, failed (then error is '
    'set). Raises: job_unknown.';

grant execute on function ops.job_run(text) to kardan_maintenance, kardan_admin;
