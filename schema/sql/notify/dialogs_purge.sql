-- A job: forgets dialogs of which nothing was heard for 30 days. Bounded and never waiting; what is
-- left over goes in the next run. Runs again safely.
create or replace function notify.dialogs_purge()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    delete from notify_data.dialogs as d
    where d.ctid = any (array(
        select o.ctid
        from notify_data.dialogs as o
        where o.updated_at <= v_now - interval '30 days'
        order by o.updated_at
        limit 100000
        for update skip locked));
end
$$;

comment on function notify.dialogs_purge() is
    'Forgets dialogs with the bot of which nothing was heard for 30 days. Raises: nothing.';

grant execute on function notify.dialogs_purge() to kardan_maintenance;
