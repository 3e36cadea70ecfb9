-- Reads only.
create or replace function ops.job_list()
returns table (
    name text,
    schedule text,
    description text,
    last_started_at timestamptz,
    last_error text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select j.name, j.schedule, j.description, r.started_at, r.error
    from ops_data.jobs as j
    left join lateral (
        select l.started_at, l.error
        from ops_data.job_runs as l
        where l.job_name = j.name
        order by l.started_at desc
        limit 1
    ) as r on true
    order by j.name;
end
$$;

comment on function ops.job_list() is
    'The declared jobs with their last run; the last two columns are null for a job that never '
    'ran. Raises: nothing.';

grant execute on function ops.job_list() to kardan_maintenance, kardan_admin, kardan_monitor;
