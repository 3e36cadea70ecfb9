-- A job: forgets old answers, some thousands a run, so that it never holds many locks. Runs again
-- safely.
create or replace function ops.idempotency_purge()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    delete from ops_data.idempotency_keys as k
    where k.ctid = any (array(
        select o.ctid
        from ops_data.idempotency_keys as o
        where o.created_at <= v_now - interval '24 hours'
        order by o.created_at
        limit 10000
        for update skip locked));
end
$$;

comment on function ops.idempotency_purge() is
    'Forgets answers to repeated requests after 24 hours. Raises: nothing.';

grant execute on function ops.idempotency_purge() to kardan_maintenance;
