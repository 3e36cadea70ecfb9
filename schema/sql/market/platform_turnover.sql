-- What completed deals on the whole platform came to on each of the last days (UTC), by currency,
-- for administrators.
create or replace function market.platform_turnover(p_actor bigint, p_days integer)
returns table (
    day timestamptz,
    currency text,
    deals bigint,
    total_minor bigint
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
    select d.day::timestamp at time zone 'UTC', d.currency, d.deals, d.total_minor
    from market_data.turnover_days as d
    where d.seller_key = 0
        and d.day >= v_from
    order by d.day, d.currency;
end
$$;

comment on function market.platform_turnover(bigint, integer) is
    'The last 1 to 366 days (30) with completed deals, in minor units. Raises: actor_unknown, '
    'actor_blocked, role_required.';

grant execute on function market.platform_turnover(bigint, integer) to kardan_api, kardan_bot;
