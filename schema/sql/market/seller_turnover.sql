-- What completed deals of the acting person, or of a shop where they sell, came to on each of the
-- last days (UTC), by currency. Reads the days of the seller by their key.
create or replace function market.seller_turnover(p_actor bigint, p_shop bigint, p_days integer)
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
    v_seller bigint;
begin
    v_seller := market.seller_key_require(p_actor, p_shop);
    return query
    select d.day::timestamp at time zone 'UTC', d.currency, d.deals, d.total_minor
    from market_data.turnover_days as d
    where d.seller_key = v_seller
        and d.day >= v_from
    order by d.day, d.currency;
end
$$;

comment on function market.seller_turnover(bigint, bigint, integer) is
    'The last 1 to 366 days (30) with completed deals of a seller, in minor units. Raises: '
    'actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.seller_turnover(bigint, bigint, integer) to kardan_api, kardan_bot;
