-- A helper: a text that an administrator may change, or the default that the caller knows.
create or replace function ops.setting_text(p_key text, p_default text)
returns text
language sql
stable
parallel safe
return coalesce(
    (select s.value #>> '{}' from ops_data.settings as s where s.key = p_key),
    p_default);

comment on function ops.setting_text(text, text) is
    'A text from the settings. Raises: nothing.';
