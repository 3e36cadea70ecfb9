-- A helper: a whole number that an administrator may change, or the default that the caller knows.
create or replace function ops.setting_integer(p_key text, p_default integer)
returns integer
language sql
stable
parallel safe
return coalesce(
    (select (s.value)::integer from ops_data.settings as s where s.key = p_key),
    p_default);

comment on function ops.setting_integer(text, integer) is
    'A whole number from the settings. Raises: nothing.';
