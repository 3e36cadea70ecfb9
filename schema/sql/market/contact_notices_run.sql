-- A job: goes on with messages that are meant for more people than one transaction should tell, the
-- oldest first, up to fifty thousand people a run. Runs again safely. Locks the messages, leaving
-- out what another session holds.
create or replace function market.contact_notices_run()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_notice bigint;
begin
    for v_round in 1 .. 50 loop
        select n.id into v_notice
        from market_data.contact_notices as n
        where n.finished_at is null
        order by n.id
        limit 1
        for no key update skip locked;
        exit when v_notice is null;
        perform market.contact_notice_advance(v_notice);
    end loop;
end
$$;

comment on function market.contact_notices_run() is
    'Tells people what sellers wrote to those who saw their contacts. Raises: nothing.';

grant execute on function market.contact_notices_run() to kardan_maintenance, kardan_worker;
