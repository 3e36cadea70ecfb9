-- Guarantees: the vehicle is as described anew, whole: what is null is none, except that a VIN
-- fills in again; one that is the usual vehicle stays so until another is made so; saved searches
-- for what fits it follow. Locks the person's vehicles, in ascending order, then those searches. A
-- version that moved on is refused; a null one is not compared.

create or replace function market.garage_update(
    p_actor bigint,
    p_vehicle bigint,
    p_version integer,
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
    v_made record;
    v_version integer;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.garage_lock(p_actor);
    v_version := market.garage_vehicle_require(p_actor, p_vehicle);
    if p_version <> v_version then
        raise exception using
            errcode = 'ZSTAL',
            constraint = 'version_stale',
            message = format('the vehicle is in version %s by now', v_version),
            detail = v_version::text;
    end if;

    select d.name, d.vin, d.make_id, d.model_id, d.year into v_made
    from market.garage_describe(
        p_name, p_vin, p_make, p_model, p_generation, p_engine, p_year) as d;
    perform market.garage_room_require(p_actor, p_vehicle, v_made.vin);
    if p_is_default and not exists (
        select from market_data.garage_vehicles as g where g.id = p_vehicle and g.is_default
    ) then
        perform market.garage_default_drop(p_actor);
    end if;
    update market_data.garage_vehicles as g
    set name = v_made.name,
        vin = v_made.vin,
        make_id = v_made.make_id,
        model_id = v_made.model_id,
        generation_id = p_generation,
        engine_id = p_engine,
        year = v_made.year,
        is_default = g.is_default or coalesce(p_is_default, false),
        updated_at = ops.clock_now()
    where g.id = p_vehicle;
    perform market.saved_searches_follow(p_vehicle);

    return query
    select
        r.vehicle_id, r.name, r.vin, r.make_id, r.make_name, r.model_id, r.model_name,
        r.generation_id, r.generation_name, r.engine_id, r.engine_code, r.year, r.is_default,
        r.created_at, r.updated_at, r.version
    from market.garage_row(p_actor, p_vehicle) as r;
end
$$;

comment on function market.garage_update(
    bigint, bigint, integer, text, text, bigint, bigint, bigint, bigint, integer, boolean) is
    'A person describes one of their saved vehicles anew. Null when not known: vin, make_id, '
    'model_id, generation_id, engine_id, their names, year. Raises: actor_unknown, actor_blocked, '
    'garage_vehicle_unknown, version_stale, vin_length, vin_character, vin_check_digit, '
    'make_unknown, model_unknown, generation_unknown, engine_unknown, vehicle_mismatch, '
    'vehicle_year_outside_generation, garage_vehicle_described, garage_year_possible, '
    'garage_name_length, garage_vin_taken.';

grant execute on function market.garage_update(
    bigint, bigint, integer, text, text, bigint, bigint, bigint, bigint, integer, boolean)
    to kardan_api, kardan_bot;
