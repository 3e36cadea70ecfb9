-- Guarantees: of all workers that ask, one is told within 20 hours to look for files without a
-- photo; so it is done once a day, also when the one that was told dies. Locks the one row.
create or replace function market.photo_sweep_claim()
returns table (is_mine boolean)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    insert into market_data.photo_sweeps as s (started_at)
    values (v_now)
    on conflict (is_only) do update
    set started_at = v_now
    where s.started_at <= v_now - interval '20 hours';

    return query
    select found;
end
$$;

comment on function market.photo_sweep_claim() is
    'Whether it is the caller''s turn to look for files of the store that no photo names; the next '
    'turn is 20 hours later. Raises: nothing.';

grant execute on function market.photo_sweep_claim() to kardan_api, kardan_worker;
