-- Guarantees: these alerts are told and never come again. Locks them in ascending order. Repeated
-- it changes nothing.

create or replace function market.search_alert_told(p_alerts bigint[])
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    update market_data.search_alerts as a
    set told_at = v_now
    from (
        select o.id
        from market_data.search_alerts as o
        where o.id = any (p_alerts)
            and o.told_at is null
        order by o.id
        for no key update
    ) as d
    where a.id = d.id;
end
$$;

comment on function market.search_alert_told(bigint[]) is
    'Says that these alerts were delivered. Raises: nothing.';

grant execute on function market.search_alert_told(bigint[]) to kardan_worker;
