-- Guarantees: the generations that a vehicle of the person's own may be, by what was chosen of it
-- and what its VIN hints: its make, its model when that was chosen, and its model year, or any of
-- those that the VIN leaves possible. By model and age, 1 to 100 at a time (20), after the given
-- one. Empty when not even the make is known. market.garage_update chooses one. Locks nothing.

create or replace function market.garage_generation_list(
    p_actor bigint,
    p_vehicle bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    generation_id bigint,
    make_name text,
    model_id bigint,
    model_name text,
    generation_name text,
    year_from integer,
    year_to integer,
    body text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_last_year constant integer :=
        extract(year from ops.clock_now() at time zone 'UTC')::integer + 1;
    v_car record;
begin
    perform people.actor_known(p_actor);
    perform market.garage_vehicle_require(p_actor, p_vehicle);

    select
        coalesce(g.make_id, max(h.make_id)) as make_id, g.model_id,
        case
            when g.year is not null then array[g.year]
            else array_agg(h.value::integer) filter (where h.field = 'model_year')
        end as years
    into v_car
    from market_data.garage_vehicles as g
    left join lateral catalog.vin_hints(g.vin, v_last_year) as h
        on h.value is not null
        and h.field in ('make', 'model_year')
    where g.id = p_vehicle
    group by g.id;

    return query
    select
        c.generation_id, c.make_name, c.model_id, c.model_name, c.generation_name, c.year_from,
        c.year_to, c.body
    from catalog.generation_candidates(v_car.make_id, v_car.model_id, v_car.years) as c
    where p_after is null
        or (c.model_name, c.year_from, c.generation_id) > (
            select a.model_name, a.year_from::integer, a.id
            from catalog.generation_get(p_after) as a)
    order by c.model_name, c.year_from, c.generation_id
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.garage_generation_list(bigint, bigint, integer, bigint) is
    'Generations to choose from for a saved vehicle, as far as its VIN and what was chosen tell; '
    'hints, no facts. year_to is null while it is still made. Raises: actor_unknown, '
    'garage_vehicle_unknown.';

grant execute on function market.garage_generation_list(bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
