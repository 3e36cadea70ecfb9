-- What the whole platform came to on each of the last days (UTC), for administrators.
create or replace function market.platform_figures(p_actor bigint, p_days integer)
returns table (
    day timestamptz,
    views bigint,
    clicks bigint,
    deals_requested bigint,
    deals_completed bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from constant date := (ops.clock_now() at time zone 'UTC')::date
        - least(greatest(coalesce(p_days, 30), 1), 366) + 1;
begin
    perform people.actor_require(p_actor, 'admin');
    return query
    select d.day::timestamp at time zone 'UTC', d.views, d.clicks, d.deals_requested,
        d.deals_completed
    from market_data.seller_days as d
    where d.seller_key = 0
        and d.day >= v_from
    order by d.day;
end
$$;

comment on function market.platform_figures(bigint, integer) is
    'The last 1 to 366 days (30) of the platform that have figures. Raises: actor_unknown, '
    'actor_blocked, role_required.';

grant execute on function market.platform_figures(bigint, integer) to kardan_api, kardan_bot;
