-- A job: everything that was published, became cheaper or fits more is compared with the saved
-- searches, fifty listings at a time and a thousand a run; what is left over comes in the next one.
-- search_alert_take does some of the same before it looks for alerts.

create or replace function market.search_news_run()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    for v_round in 1 .. 20 loop
        exit when market.search_news_match(50) < 50;
    end loop;
end
$$;

comment on function market.search_news_run() is
    'Finds new listings for saved searches. Raises: nothing.';

grant execute on function market.search_news_run() to kardan_maintenance;
