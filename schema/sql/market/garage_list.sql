-- Guarantees: the person's own vehicles, the usual one first, at most 20. Locks nothing.

create or replace function market.garage_list(p_actor bigint)
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
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select
        r.vehicle_id, r.name, r.vin, r.make_id, r.make_name, r.model_id, r.model_name,
        r.generation_id, r.generation_name, r.engine_id, r.engine_code, r.year, r.is_default,
        r.created_at, r.updated_at, r.version
    from market.garage_row(p_actor, null) as r;
end
$$;

comment on function market.garage_list(bigint) is
    'A person''s saved vehicles; generation_id and year suit the filters of a search. Null when '
    'not known: vin, make_id, model_id, generation_id, engine_id, their names, year. '
    'Raises: actor_unknown.';

grant execute on function market.garage_list(bigint) to kardan_api, kardan_bot;
