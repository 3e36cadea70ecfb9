-- Guarantees: the language that a person is spoken to in, by the tag of theirs elsewhere: Russian
-- without one, English for any but Russian. Reads nothing.
create or replace function people.language_of(p_language_code text)
returns text
language sql
immutable
parallel safe
return case lower(left(coalesce(p_language_code, 'ru'), 2)) when 'ru' then 'ru' else 'en' end;

comment on function people.language_of(text) is
    'Helper: the language of a new person, by an IETF tag. Raises: nothing.';
