-- Guarantees: the model years that position 10 of a normalised VIN may mean, up to the given one:
-- thirty characters from 1980 on, then again (no I, O, Q, U, Z and 0). Of a car, van or light truck
-- of North America position 7 tells which thirty years: a letter since 2010, a digit before; when
-- that leaves nothing possible, it is not believed. No row when the character is no year. Locks
-- nothing.

create or replace function catalog.vin_years(
    p_vin text,
    p_last_year integer,
    p_is_by_position_7 boolean
)
returns table (
    year integer,
    is_by_position_7 boolean,
    count integer
)
language sql
stable
parallel safe
begin atomic
    select k.year, k.has_agreeing, (count(*) over ())::integer
    from (
        select
            y.year,
            a.agrees,
            coalesce(bool_or(a.agrees) over (), false) as has_agreeing
        from (
            select position(substr(p_vin, 10, 1) in 'ABCDEFGHJKLMNPRSTVWXY123456789') as place
        ) as c
        cross join lateral generate_series(1979 + c.place, p_last_year, 30) as y (year)
        cross join lateral (
            select p_is_by_position_7
                and (substr(p_vin, 7, 1) ~ '[A-Z]') = (y.year >= 2010) as agrees
        ) as a
        where c.place > 0
    ) as k
    where k.agrees
        or not k.has_agreeing;
end;

comment on function catalog.vin_years(text, integer, boolean) is
    'Helper: the possible model years of a normalised VIN; whether position 7 has decided, and how '
    'many there are. Raises: nothing.';
