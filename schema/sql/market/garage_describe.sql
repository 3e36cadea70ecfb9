-- A step: what a garage is to hold of a vehicle: the VIN in its one spelling, make and model
-- completed, and what the VIN tells where nothing was chosen; a name, when none was given. What a
-- person chose stands before what a VIN hints. Checked here and not by the table, because the text
-- of a violated check shows the row, its VIN included, to the log. Locks nothing.

create or replace function market.garage_describe(
    p_name text,
    p_vin text,
    p_make bigint,
    p_model bigint,
    p_generation bigint,
    p_engine bigint,
    p_year integer
)
returns table (
    name text,
    vin text,
    make_id bigint,
    model_id bigint,
    year integer
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_last_year constant integer :=
        extract(year from ops.clock_now() at time zone 'UTC')::integer + 1;
begin
    vin := case when btrim(p_vin) <> '' then catalog.vin_require(p_vin) end;
    select r.make_id, r.model_id, coalesce(p_year, h.year)
    into make_id, model_id, year
    from catalog.vin_prefill(vin, v_last_year) as h
    cross join lateral catalog.vehicle_resolve(
        coalesce(
            p_make,
            case when num_nonnulls(p_model, p_generation, p_engine) = 0 then h.make_id end),
        p_model, p_generation, p_engine, p_year) as r;

    if num_nonnulls(vin, make_id) = 0 then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'garage_vehicle_described',
            message = 'a vehicle of a garage has a VIN or a make';
    end if;
    if year not between 1900 and v_last_year then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'garage_year_possible',
            message = 'no vehicle is of that year';
    end if;

    name := coalesce(
        nullif(btrim(p_name), ''),
        (
            select left(concat_ws(' ', n.make_name, n.model_name, n.generation_name), 60)
            from catalog.vehicle_names(make_id, model_id, p_generation, null) as n
            where n.make_name is not null
        ),
        'VIN …' || right(vin, 4));
    if char_length(name) > 60 then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'garage_name_length',
            message = 'the name of a vehicle is too long';
    end if;
    return next;
end
$$;

comment on function market.garage_describe(
    text, text, bigint, bigint, bigint, bigint, integer) is
    'Step: what a garage is to hold of a vehicle. Raises: vin_length, vin_character, '
    'vin_check_digit, make_unknown, model_unknown, generation_unknown, engine_unknown, '
    'vehicle_mismatch, vehicle_year_outside_generation, garage_vehicle_described, '
    'garage_year_possible, garage_name_length.';
