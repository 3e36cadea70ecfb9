-- A job: what time does to deals: requests that nobody answered expire, and what was handed over is
-- completed when the buyer says nothing. Up to 500 a run, the longest due first; what somebody
-- works on at this moment is left to the next run. Runs again safely. Locks listings and deals,
-- without waiting.
create or replace function market.deals_advance()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_deal record;
begin
    for v_deal in
        select d.id, d.state
        from market_data.deals as d
        join market_data.listings as l on l.id = d.listing_id
        where d.due_at <= v_now
        order by d.due_at, d.id
        limit 500
        for no key update of l, d skip locked
    loop
        perform market.deal_move(
            null, v_deal.id,
            case v_deal.state when 'requested' then 'expired' else 'completed' end, null);
    end loop;
end
$$;

comment on function market.deals_advance() is
    'Ends requests that were not answered in time, completes what was handed over long enough '
    'ago. Raises: nothing.';

grant execute on function market.deals_advance() to kardan_maintenance;
