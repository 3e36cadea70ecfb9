-- Guarantees: the character that position 9 of a VIN must have where it is a check digit (ISO 3779
-- leaves it open, 49 CFR 565 and GB 16735 say so): each character has a value and each position a
-- weight, and the sum modulo 11 is the digit, ten written as X. Locks nothing.

create or replace function catalog.vin_check_digit(p_vin text)
returns text
language sql
immutable
parallel safe
return (
    select substr('0123456789X', sum(c.value::integer * w.weight)::integer % 11 + 1, 1)
    from unnest(array[8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])
        with ordinality as w (weight, place)
    cross join lateral translate(
        substr(p_vin, w.place::integer, 1),
        'ABCDEFGHJKLMNPRSTUVWXYZ', '12345678123457923456789') as c (value)
);

comment on function catalog.vin_check_digit(text) is
    'Helper: the check digit that a VIN of 17 allowed characters should have. Raises: nothing.';
