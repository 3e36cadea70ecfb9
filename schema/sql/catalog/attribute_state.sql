-- Guarantees: everything that an administrator can set of a field, in one comparable value; null
-- when there is no such field. Locks nothing.

create or replace function catalog.attribute_state(p_id bigint)
returns jsonb
language sql
stable
parallel safe
return (
    select jsonb_build_object(
        'kind', d.kind, 'category_id', d.category_id, 'key', d.key, 'type', d.type,
        'unit', d.unit, 'label_ru', d.label_ru, 'label_en', d.label_en,
        'hint_ru', d.hint_ru, 'hint_en', d.hint_en, 'required', d.required,
        'minimum', d.minimum, 'maximum', d.maximum, 'max_length', d.max_length,
        'ordinal', d.ordinal, 'filterable', d.filterable,
        'archived', d.archived_at is not null,
        'choices', (
            select jsonb_agg(
                jsonb_build_array(c.value, c.label_ru, c.label_en) order by c.ordinal, c.value)
            from catalog_data.attribute_choices as c
            where c.definition_id = d.id))
    from catalog_data.attribute_definitions as d
    where d.id = p_id
);

comment on function catalog.attribute_state(bigint) is
    'Helper: an extra field with its choices as one value, to compare and to record; null when '
    'there is none. Raises: nothing.';
