-- Guarantees: what a session is called: the device as it was told, short and without what cannot be
-- shown; the other name when nothing is told. Reads nothing.
create or replace function people.device_clean(p_device text, p_otherwise text)
returns text
language sql
immutable
parallel safe
return coalesce(rtrim(left(people.name_clean(p_device), 100)), p_otherwise);

comment on function people.device_clean(text, text) is
    'Helper: what a session is called, by the device. Raises: nothing.';
