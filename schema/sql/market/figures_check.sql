-- A job: counts the day before yesterday again, which nothing comes to any more, and fails when it
-- is not what is kept. Reads the partitions of that day. Locks nothing.
create or replace function market.figures_check()
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_day constant date := (ops.clock_now() at time zone 'UTC')::date - 2;
    v_wrong text;
begin
    select string_agg(d.wrong, ', ' order by d.wrong) into v_wrong
    from (
        (select 'listing ' || coalesce(k.listing_id, c.listing_id) as wrong
        from market.listing_days_counted(v_day, v_day + 1) as c
        full join (
            select d.listing_id, d.views, d.clicks, d.people, d.deals_requested, d.deals_completed
            from market_data.listing_days as d
            where d.day = v_day
        ) as k on k.listing_id = c.listing_id
        where (k.views, k.clicks, k.people, k.deals_requested, k.deals_completed)
            is distinct from
            (c.views, c.clicks, c.people, c.deals_requested, c.deals_completed)
        limit 20)
        union all
        (select format('listing %s at %s', coalesce(k.listing_id, c.listing_id),
            to_char(coalesce(k.hour, c.hour) at time zone 'UTC', 'HH24:MI'))
        from market.listing_hours_counted(v_day, v_day + 1) as c
        full join (
            select h.listing_id, h.hour, h.clicks
            from market_data.listing_hours as h
            where h.hour >= v_day::timestamp at time zone 'UTC'
                and h.hour < (v_day + 1)::timestamp at time zone 'UTC'
        ) as k on k.listing_id = c.listing_id and k.hour = c.hour
        where k.clicks is distinct from c.clicks
        limit 20)
        union all
        (select 'seller ' || coalesce(k.seller_key, c.seller_key)
        from market.seller_days_summed(v_day, v_day + 1) as c
        full join (
            select s.seller_key, s.views, s.clicks, s.deals_requested, s.deals_completed
            from market_data.seller_days as s
            where s.day = v_day
        ) as k on k.seller_key = c.seller_key
        where (k.views, k.clicks, k.deals_requested, k.deals_completed)
            is distinct from (c.views, c.clicks, c.deals_requested, c.deals_completed)
        limit 20)
        union all
        (select format('turnover of seller %s in %s', coalesce(k.seller_key, c.seller_key),
            coalesce(k.currency, c.currency))
        from market.turnover_days_counted(v_day, v_day + 1) as c
        full join (
            select t.seller_key, t.currency, t.deals, t.total_minor
            from market_data.turnover_days as t
            where t.day = v_day
        ) as k on k.seller_key = c.seller_key and k.currency = c.currency
        where (k.deals, k.total_minor) is distinct from (c.deals, c.total_minor)
        limit 20)
    ) as d;
    if v_wrong is not null then
        raise exception using
            errcode = 'ZCONF', constraint = 'figures_differ',
            message = format('the figures of %s are not what happened', v_day),
            detail = v_wrong;
    end if;
end
$$;

comment on function market.figures_check() is
    'Fails when the kept figures of the day before yesterday are not what a recount gives; names '
    'up to 20 listings, hours, sellers and turnovers. Raises: figures_differ.';

grant execute on function market.figures_check() to kardan_maintenance;
