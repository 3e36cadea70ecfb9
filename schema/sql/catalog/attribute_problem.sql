-- Guarantees: the reason why the value does not suit a field of the type, or null. Whether a
-- choice exists is looked up by the caller. Locks nothing.

create or replace function catalog.attribute_problem(
    p_type text,
    p_value jsonb,
    p_minimum numeric,
    p_maximum numeric,
    p_max_length integer
)
returns text
language sql
immutable
parallel safe
return case
    when p_type in ('text', 'choice') and jsonb_typeof(p_value) <> 'string' then 'attribute_type'
    when p_type = 'boolean' and jsonb_typeof(p_value) <> 'boolean' then 'attribute_type'
    when p_type in ('integer', 'number') and jsonb_typeof(p_value) <> 'number' then
        'attribute_type'
    when p_type = 'integer' and (p_value #>> '{}')::numeric <> trunc((p_value #>> '{}')::numeric)
        then 'attribute_type'
    when p_type in ('integer', 'number') and (
        (p_value #>> '{}')::numeric < coalesce(p_minimum, -1e15)
        or (p_value #>> '{}')::numeric > coalesce(p_maximum, 1e15)) then 'attribute_range'
    when p_type = 'text' and length(btrim(p_value #>> '{}'))
        not between 1 and coalesce(p_max_length, 500) then 'attribute_range'
end;

comment on function catalog.attribute_problem(text, jsonb, numeric, numeric, integer) is
    'Helper: why a value does not suit an extra field (attribute_type or attribute_range); null '
    'when it does. A text has 1 to 500 characters unless the field says otherwise. '
    'Raises: nothing.';
