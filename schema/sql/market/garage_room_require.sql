-- A step: there is room in the garage for one more vehicle (p_vehicle null), and no other of it has
-- the VIN. The caller has locked the garage.

create or replace function market.garage_room_require(
    p_actor bigint,
    p_vehicle bigint,
    p_vin text
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_vehicle is null
        and (
            select count(*) from market_data.garage_vehicles as g where g.user_id = p_actor
        ) >= 20
    then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'garage_full',
            message = 'a garage holds at most 20 vehicles';
    end if;
    if exists (
        select
        from market_data.garage_vehicles as g
        where g.user_id = p_actor
            and md5(g.vin) = md5(p_vin)
            and g.id is distinct from p_vehicle
    ) then
        raise exception using
            errcode = '23505',
            constraint = 'garage_vin_taken',
            message = 'the garage has a vehicle with this VIN';
    end if;
end
$$;

comment on function market.garage_room_require(bigint, bigint, text) is
    'Step: a garage can take a vehicle. Raises: garage_full, garage_vin_taken.';
