-- Guarantees: one row: what the first characters of a normalised VIN say, nulls where the tables
-- know nothing. A small maker (third character 9) is told by positions 12 to 14. Locks nothing.

create or replace function catalog.vin_origin(p_vin text)
returns table (
    country text,
    region text,
    uses_check_digit boolean,
    maker text,
    make_id bigint,
    make_name text,
    class text,
    codes_year boolean,
    is_small boolean
)
language sql
stable
parallel safe
begin atomic
    select
        c.country,
        coalesce(
            c.region,
            case
                when left(p_vin, 1) between 'A' and 'G' then 'africa'
                when left(p_vin, 1) between 'H' and 'R' then 'asia'
                when left(p_vin, 1) between 'S' and 'Z' then 'europe'
                when left(p_vin, 1) in ('1', '2', '3', '4', '5', '7') then 'north_america'
                when left(p_vin, 1) = '6' then 'oceania'
                when left(p_vin, 1) in ('8', '9') then 'south_america'
            end),
        coalesce(c.uses_check_digit, false), m.name, m.make_id, k.name, m.class, m.codes_year,
        m.suffix <> ''
    from (select 1) as one
    left join lateral (
        select v.country, v.region, v.uses_check_digit
        from catalog_data.vin_countries as v
        where v.first_char = left(p_vin, 1)
            and position(substr(p_vin, 2, 1) in 'ABCDEFGHJKLMNPRSTUVWXYZ1234567890')
                between position(v.second_from in 'ABCDEFGHJKLMNPRSTUVWXYZ1234567890')
                and position(v.second_to in 'ABCDEFGHJKLMNPRSTUVWXYZ1234567890')
        limit 1
    ) as c on true
    left join lateral (
        select v.name, v.make_id, v.class, v.codes_year, v.suffix
        from catalog_data.vin_makers as v
        where v.wmi = left(p_vin, 3)
            and v.suffix in ('', substr(p_vin, 12, 3))
        order by v.suffix desc
        limit 1
    ) as m on true
    left join catalog_data.makes as k on k.id = m.make_id;
end;

comment on function catalog.vin_origin(text) is
    'Helper: country, part of the world and maker of a normalised VIN; null where not known. '
    'Raises: nothing.';
