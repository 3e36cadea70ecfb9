-- A helper: a name as people see it. Controls, marks that turn the writing direction and other
-- invisible characters are dropped, spaces become single ones. What then shows nothing (joiners and
-- variation marks alone) is the empty string.
create or replace function people.name_clean(p_text text)
returns text
language sql
immutable
parallel safe
return substring(
    btrim(regexp_replace(
        regexp_replace(
            coalesce(p_text, ''),
            '[\u0001-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e'
                '\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]',
            '', 'g'),
        '\s+', ' ', 'g'))
    from '^.*[^ \u200c\u200d\ufe00-\ufe0f].*$');

comment on function people.name_clean(text) is
    'A name without invisible characters and doubled spaces; null when nothing is left to see. '
    'Raises: nothing.';
