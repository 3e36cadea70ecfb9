-- A step: the vehicle is one of the person's own, and this is its version. Somebody else's is as if
-- it were not there. The caller has locked the garage.

create or replace function market.garage_vehicle_require(
    p_actor bigint,
    p_vehicle bigint
)
returns integer
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    select g.version into v_version
    from market_data.garage_vehicles as g
    where g.id = p_vehicle
        and g.user_id = p_actor;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'garage_vehicle_unknown',
            message = 'there is no such vehicle in the garage';
    end if;
    return v_version;
end
$$;

comment on function market.garage_vehicle_require(bigint, bigint) is
    'Step: the version of a vehicle of the person''s own. Raises: garage_vehicle_unknown.';
