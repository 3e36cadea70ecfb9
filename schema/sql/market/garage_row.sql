-- Guarantees: the vehicles of one person, all or the given one, the usual one first, as only that
-- person may see them. One select, so that it inlines. Locks nothing.

create or replace function market.garage_row(
    p_actor bigint,
    p_vehicle bigint
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
language sql
stable
parallel safe
begin atomic
    select
        g.id, g.name, g.vin, g.make_id, n.make_name, g.model_id, n.model_name, g.generation_id,
        n.generation_name, g.engine_id, n.engine_code, g.year, g.is_default, g.created_at,
        g.updated_at, g.version
    from market_data.garage_vehicles as g
    cross join lateral catalog.vehicle_names(
        g.make_id, g.model_id, g.generation_id, g.engine_id) as n
    where g.user_id = p_actor
        and (p_vehicle is null or g.id = p_vehicle)
    order by g.is_default desc, g.id;
end;

comment on function market.garage_row(bigint, bigint) is
    'Helper: a person''s vehicles with their names. Raises: nothing.';
