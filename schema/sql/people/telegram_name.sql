-- A helper: what a person from Telegram is called here. Never empty: the username stands in for a
-- name that shows nothing.
create or replace function people.telegram_name(
    p_first_name text,
    p_last_name text,
    p_username text
)
returns text
language sql
immutable
parallel safe
return coalesce(
    rtrim(left(people.name_clean(concat_ws(' ', p_first_name, p_last_name)), 128)),
    left(people.name_clean(p_username), 128),
    'Telegram');

comment on function people.telegram_name(text, text, text) is
    'First and last name, cut to 128 characters; otherwise the username; otherwise the word '
    'Telegram. Raises: nothing.';
