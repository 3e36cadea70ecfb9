-- Guarantees: one row with the names of a vehicle's parts, null where one is null. A helper for the
-- queries of other domains: one select, so that it inlines into theirs. Locks nothing.

create or replace function catalog.vehicle_names(
    p_make bigint,
    p_model bigint,
    p_generation bigint,
    p_engine bigint
)
returns table (
    make_name text,
    model_name text,
    generation_name text,
    engine_code text
)
language sql
stable
parallel safe
begin atomic
    select
        (select k.name from catalog_data.makes as k where k.id = p_make),
        (select m.name from catalog_data.models as m where m.id = p_model),
        (select g.name from catalog_data.generations as g where g.id = p_generation),
        (select e.code from catalog_data.engines as e where e.id = p_engine);
end;

comment on function catalog.vehicle_names(bigint, bigint, bigint, bigint) is
    'Helper: make, model, generation and engine by name. Raises: nothing.';
