-- A step: what was chosen of a vehicle, completed upwards (a generation has its model, a model its
-- make) and without contradiction. A model year may be one year off the years of making. Locks
-- nothing.

create or replace function catalog.vehicle_resolve(
    p_make bigint,
    p_model bigint,
    p_generation bigint,
    p_engine bigint,
    p_year integer
)
returns table (
    make_id bigint,
    model_id bigint
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason text;
    v_field text;
begin
    select
        coalesce(p_make, g.make_id, m.make_id, e.make_id), coalesce(p_model, g.model_id),
        w.reason, w.field
    into make_id, model_id, v_reason, v_field
    from (select 1) as one
    left join catalog.generation_get(p_generation) as g on true
    left join catalog_data.models as m on m.id = coalesce(p_model, g.model_id)
    left join catalog_data.engines as e on e.id = p_engine
    left join catalog_data.makes as k on k.id = p_make
    left join lateral (
        values
            (k.id is null and p_make is not null, 'make_unknown', 'make_id'),
            (m.id is null and p_model is not null, 'model_unknown', 'model_id'),
            (g.id is null and p_generation is not null, 'generation_unknown', 'generation_id'),
            (e.id is null and p_engine is not null, 'engine_unknown', 'engine_id'),
            (g.model_id <> p_model, 'vehicle_mismatch', 'generation_id'),
            (m.make_id <> p_make, 'vehicle_mismatch', 'model_id'),
            (e.make_id <> coalesce(p_make, m.make_id), 'vehicle_mismatch', 'engine_id'),
            (p_year not between g.year_from - 1 and coalesce(g.year_to, 2100) + 1,
                'vehicle_year_outside_generation', 'year')
    ) as w (is_broken, reason, field) on w.is_broken
    limit 1;

    if v_reason is not null then
        raise exception using
            errcode = case when v_reason like '%unknown' then 'ZNFND' else 'ZINVL' end,
            constraint = v_reason,
            column = v_field,
            message = format('the vehicle is not possible: %s', v_reason);
    end if;
    return next;
end
$$;

comment on function catalog.vehicle_resolve(bigint, bigint, bigint, bigint, integer) is
    'Step: make and model of a vehicle that was chosen; null where nothing was. Raises: '
    'make_unknown, model_unknown, generation_unknown, engine_unknown, vehicle_mismatch, '
    'vehicle_year_outside_generation.';
