-- A step: generation and year that a search which is being saved asks for: those of the vehicle
-- when one is named, which then may not change until the search is there to follow it; else those
-- that were given. Locks the vehicle.
create or replace function market.saved_search_vehicle(
    p_actor bigint,
    p_vehicle bigint,
    p_generation bigint,
    p_year integer
)
returns table (
    generation_id bigint,
    year integer
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_vehicle is null then
        return query select p_generation, p_year;
        return;
    end if;
    if num_nonnulls(p_generation, p_year) > 0 then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'search_vehicle_alone',
            column = 'vehicle_id',
            message = 'a search names a vehicle of the garage, or a generation and year';
    end if;

    perform
    from market_data.garage_vehicles as g
    where g.id = p_vehicle
        and g.user_id = p_actor
    for share;
    return query select f.generation_id, f.year from market.garage_fit(p_actor, p_vehicle) as f;
end
$$;

comment on function market.saved_search_vehicle(bigint, bigint, bigint, integer) is
    'Step: what must fit for a search that is being saved. Raises: search_vehicle_alone, '
    'garage_vehicle_unknown, garage_generation_required.';
