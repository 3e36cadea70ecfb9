-- Guarantees: the vehicle is no longer in the garage, its VIN is forgotten, and the oldest of the
-- rest is the usual one if this was; saved searches for what fits it stay as they are. Locks the
-- person's vehicles, in ascending order, then those searches. A repeat finds nothing any more.

create or replace function market.garage_remove(
    p_actor bigint,
    p_vehicle bigint
)
returns table (
    vehicle_id bigint,
    default_vehicle_id bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform market.garage_lock(p_actor);
    perform market.garage_vehicle_require(p_actor, p_vehicle);

    delete from market_data.garage_vehicles as g where g.id = p_vehicle;
    update market_data.garage_vehicles as g
    set is_default = true
    where g.id = (
            select min(o.id) from market_data.garage_vehicles as o where o.user_id = p_actor)
        and not exists (
            select from market_data.garage_vehicles as o
            where o.user_id = p_actor and o.is_default);

    return query
    select p_vehicle, (
        select g.id from market_data.garage_vehicles as g
        where g.user_id = p_actor and g.is_default);
end
$$;

comment on function market.garage_remove(bigint, bigint) is
    'A person takes a vehicle out of their garage; default_vehicle_id is the usual one now, null '
    'when none is left. Raises: actor_unknown, garage_vehicle_unknown.';

grant execute on function market.garage_remove(bigint, bigint) to kardan_api, kardan_bot;
