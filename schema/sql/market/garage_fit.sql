-- A step: generation and model year of a vehicle of the person's own garage, of the usual one when
-- none is named: what "fits my car" asks for. Locks nothing.
create or replace function market.garage_fit(p_actor bigint, p_vehicle bigint)
returns table (
    generation_id bigint,
    year integer
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_missing text;
begin
    select
        g.generation_id, g.year,
        case
            when g.make_id is null then 'make_id'
            when g.model_id is null then 'model_id'
            when g.generation_id is null then 'generation_id'
        end
    into generation_id, year, v_missing
    from market_data.garage_vehicles as g
    where g.user_id = p_actor
        and case when p_vehicle is null then g.is_default else g.id = p_vehicle end;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'garage_vehicle_unknown',
            message = 'there is no such vehicle in the garage';
    end if;
    if generation_id is null then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'garage_generation_required',
            message = format('choose the vehicle''s generation first; it has no %s', v_missing),
            detail = v_missing;
    end if;
    return next;
end
$$;

comment on function market.garage_fit(bigint, bigint) is
    'Step: what must fit for a vehicle of a garage; the error''s detail names what is to be chosen '
    'first: make_id, model_id or generation_id. Raises: garage_vehicle_unknown, '
    'garage_generation_required.';
