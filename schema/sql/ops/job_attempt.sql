-- A step: calls a job's function and gives its error as text instead of failing, so that the
-- failure can be recorded.
-- The one place that catches whatever comes: a job is any function, and its reasons are its own.
create or replace function ops.job_attempt(p_command text)
returns text
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format(
        'select %I.%I()', split_part(p_command, '.', 1), split_part(p_command, '.', 2));
    return null;
exception
    when others then
        return sqlstate || ': ' || sqlerrm;
end
$$;

comment on function ops.job_attempt(text) is
    'Calls a function and tells its error, null for none. Raises: nothing.';
