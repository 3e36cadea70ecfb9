-- A job: everything that was published or became cheaper is compared with the saved searches, a
-- hundred listings at a time and ten thousand a run; what is left over comes in the next one. Runs
-- beside search_alert_take, which does the same before it looks for alerts.

create or replace function market.search_news_run()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    for v_round in 1 .. 100 loop
        exit when market.search_news_match(100) < 100;
    end loop;
end
$$;

comment on function market.search_news_run() is
    'Finds new listings for saved searches. Raises: nothing.';

grant execute on function market.search_news_run() to kardan_maintenance;
