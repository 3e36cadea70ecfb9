-- Reads only: what a starting process compares with what it was built against.
create or replace function ops.contract_get()
returns table (
    hash text,
    revision text,
    functions text[],
    applied_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select c.hash, c.revision, c.functions, c.applied_at
    from ops_data.contract_applied as c
    order by c.id desc
    limit 1;
end
$$;

comment on function ops.contract_get() is
    'The version of the program in this database: hash, revision of the binary that loaded it, '
    'one line per granted function. '
    'Raises: nothing.';

grant execute on function ops.contract_get() to
    kardan_api, kardan_bot, kardan_worker, kardan_admin, kardan_monitor, kardan_maintenance;
