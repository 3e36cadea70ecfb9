-- Guarantees: the vehicle is in the person's garage; a garage holds at most 20, has each VIN once,
-- and one usual vehicle as long as it has any: the first, until another is made the usual one.
-- Locks the person's vehicles, in ascending order. Two additions at once meet at the number of the
-- place. A repeat with the same VIN is refused; without a VIN it is another vehicle.

create or replace function market.garage_add(
    p_actor bigint,
    p_name text,
    p_vin text,
    p_make bigint,
    p_model bigint,
    p_generation bigint,
    p_engine bigint,
    p_year integer,
    p_is_default boolean
)
returns table (
    vehicle_id bigint,
    name text,
    vin text,
    make_id bigint,
    make_name text,
    model_id bigint,
    model_name text,
    generation_id bigint,
    generation_name text,
    engine_id bigint,
    engine_code text,
    year integer,
    is_default boolean,
    created_at timestamptz,
    updated_at timestamptz,
    version integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_made record;
    v_id bigint;
begin
    perform people.actor_require(p_actor, 'user');
    select d.name, d.vin, d.make_id, d.model_id, d.year into v_made
    from market.garage_describe(
        p_name, p_vin, p_make, p_model, p_generation, p_engine, p_year) as d;

    -- Somebody else's addition takes the place that was free: then the next one is tried.
    while v_id is null loop
        perform market.garage_lock(p_actor);
        perform market.garage_room_require(p_actor, null, v_made.vin);
        if p_is_default then
            perform market.garage_default_drop(p_actor);
        end if;
        insert into market_data.garage_vehicles as g (
            user_id, slot, name, vin, make_id, model_id, generation_id, engine_id, year,
            is_default, created_at, updated_at)
        select
            p_actor, min(s.slot), v_made.name, v_made.vin, v_made.make_id, v_made.model_id,
            p_generation, p_engine, v_made.year,
            not exists (
                select from market_data.garage_vehicles as o
                where o.user_id = p_actor and o.is_default),
            v_now, v_now
        from generate_series(1, 20) as s (slot)
        where not exists (
            select from market_data.garage_vehicles as o
            where o.user_id = p_actor and o.slot = s.slot)
        on conflict do nothing
        returning g.id into v_id;
    end loop;

    return query
    select
        r.vehicle_id, r.name, r.vin, r.make_id, r.make_name, r.model_id, r.model_name,
        r.generation_id, r.generation_name, r.engine_id, r.engine_code, r.year, r.is_default,
        r.created_at, r.updated_at, r.version
    from market.garage_row(p_actor, v_id) as r;
end
$$;

comment on function market.garage_add(
    bigint, text, text, bigint, bigint, bigint, bigint, integer, boolean) is
    'A person saves a vehicle, by its VIN (which fills in make and model year where it tells them) '
    'or by what they choose of it; an empty name is made up. Null when not known: vin, make_id, '
    'model_id, generation_id, engine_id, their names, year. Raises: actor_unknown, actor_blocked, '
    'vin_length, vin_character, vin_check_digit, make_unknown, model_unknown, generation_unknown, '
    'engine_unknown, vehicle_mismatch, vehicle_year_outside_generation, garage_vehicle_described, '
    'garage_year_possible, garage_name_length, garage_full, garage_vin_taken.';

grant execute on function market.garage_add(
    bigint, text, text, bigint, bigint, bigint, bigint, integer, boolean) to kardan_api, kardan_bot;
