-- Guarantees: everything that a normalised VIN tells, each with how sure it is and the code of the
-- reason; a null value where it is asked for and not known. Model years after the given one are
-- left out. Locks nothing.

create or replace function catalog.vin_hints(
    p_vin text,
    p_last_year integer
)
returns table (
    ordinal integer,
    field text,
    value text,
    certainty text,
    reason text,
    make_id bigint
)
language sql
stable
parallel safe
begin atomic
    with origin as materialized (
        select
            o.country, o.region, o.uses_check_digit, o.maker, o.make_id, o.make_name,
            coalesce(o.codes_year, true) as codes_year,
            case when o.is_small then 'maker_by_prefix_and_serial' else 'maker_by_prefix' end
                as maker_reason,
            coalesce(
                o.uses_check_digit and o.region = 'north_america' and o.class = 'light',
                false) as is_by_position_7
        from catalog.vin_origin(p_vin) as o
    )
    select 1, 'region', o.region, 'high', 'region_by_prefix', null::bigint from origin as o
    union all
    select 2, 'country', o.country,
        case when o.country is null then 'low' else 'high' end,
        case when o.country is null then 'country_unassigned' else 'country_by_prefix' end, null
    from origin as o
    union all
    select 3, 'maker', o.maker,
        case when o.maker is null then 'low' else 'high' end,
        case when o.maker is null then 'maker_unknown' else o.maker_reason end, null
    from origin as o
    union all
    select 4, 'make', o.make_name, 'high', o.maker_reason, o.make_id
    from origin as o
    where o.make_id is not null
    union all
    select 5, 'check_digit',
        case when o.uses_check_digit then 'holds' else 'not_used' end, 'high',
        case when o.uses_check_digit then 'check_digit_holds' else 'check_digit_not_used' end, null
    from origin as o
    union all
    select 6, 'model_year', y.year::text,
        case
            when y.year is null or not o.codes_year or y.count > 1 then 'low'
            when y.is_by_position_7 or o.uses_check_digit then 'high'
            else 'medium'
        end,
        case
            when y.year is null then 'year_not_coded'
            when not o.codes_year then 'year_rarely_coded'
            when y.is_by_position_7 then 'year_by_position_7'
            when y.count > 1 then 'year_one_of_two'
            else 'year_by_position_10'
        end,
        null
    from origin as o
    left join catalog.vin_years(p_vin, p_last_year, o.is_by_position_7) as y on true;
end;

comment on function catalog.vin_hints(text, integer) is
    'Helper: what a normalised VIN tells, field by field. Raises: nothing.';
