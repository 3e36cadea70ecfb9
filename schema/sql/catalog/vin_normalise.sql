-- Guarantees: one spelling of a VIN: upper case, Cyrillic look-alikes as Latin letters, without
-- what people and documents put between or around the characters: spaces, dashes, dots, asterisks.
-- Anything else stays, so that it is refused with its place. Locks nothing.

create or replace function catalog.vin_normalise(p_vin text)
returns text
language sql
immutable
parallel safe
return regexp_replace(
    upper(translate(
        left(p_vin, 100),
        'АВЕКМНОРСТУХавекмнорстух',
        'ABEKMHOPCTYXABEKMHOPCTYX')),
    '[[:space:]\u00a0\u00ad\u2007\u200b-\u200f\u2010-\u2015\u202f\u2060\u2212\ufeff\uff0d'
    '.*_-]', '', 'g');

comment on function catalog.vin_normalise(text) is
    'Helper: one spelling of a VIN. Raises: nothing.';
