-- Guarantees: what a VIN tells, as hints: field, value, how sure (high, medium, low) and why, in
-- both languages. A model year may come twice, or with a null value; one that lies more than a year
-- ahead never comes. Nothing is kept. Locks nothing.

create or replace function catalog.vin_decode(p_vin text)
returns table (
    vin text,
    field text,
    value text,
    certainty text,
    reason text,
    reason_en text,
    reason_ru text,
    make_id bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_vin constant text := catalog.vin_require(p_vin);
    v_last_year constant integer :=
        extract(year from ops.clock_now() at time zone 'UTC')::integer + 1;
begin
    return query
    select v_vin, h.field, h.value, h.certainty, h.reason, r.en, r.ru, h.make_id
    from catalog.vin_hints(v_vin, v_last_year) as h
    join catalog_data.vin_reasons as r on r.code = h.reason
    order by h.ordinal, h.value desc;
end
$$;

comment on function catalog.vin_decode(text) is
    'What a VIN in any spelling tells, a hint a row: region, country, maker, make, check_digit and '
    'model_year. value is null when it is not known, make_id unless the field is a make of the '
    'catalogue. Raises: vin_length, vin_character, vin_check_digit.';

grant execute on function catalog.vin_decode(text) to kardan_api, kardan_bot;
