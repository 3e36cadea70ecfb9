-- A job: tells people that their favourites cost less, the oldest drop first, up to two thousand
-- drops and some fifty thousand people a run; the next one goes on. What waits for a moderator is
-- left until it is back, for two weeks. What was told a month ago is forgotten. Runs again safely.
-- Locks the drops, leaving out what another session holds.
create or replace function market.price_drops_run()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_drop bigint;
    v_people integer := 0;
begin
    for v_round in 1 .. 2000 loop
        select d.id into v_drop
        from market_data.price_drops as d
        join market_data.listings as l on l.id = d.listing_id
        where d.finished_at is null
            and (l.status <> 'pending' or d.at < v_now - interval '14 days')
        order by d.id
        limit 1
        for no key update of d skip locked;
        exit when v_drop is null or v_people > 50000;
        v_people := v_people + market.price_drop_advance(v_drop);
    end loop;

    delete from market_data.price_drops as d
    where d.finished_at < v_now - interval '30 days';
end
$$;

comment on function market.price_drops_run() is
    'Tells people that their favourites became cheaper. Raises: nothing.';

grant execute on function market.price_drops_run() to kardan_maintenance, kardan_worker;
