-- Guarantees: the field has exactly the given choices in the given order. Locks the choices; the
-- caller has locked the definition. Idempotent: the same choices again change nothing.

create or replace function catalog.attribute_choices_store(
    p_definition_id bigint,
    p_type text,
    p_values text[],
    p_labels_ru text[],
    p_labels_en text[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer := coalesce(cardinality(p_values), 0);
begin
    if v_count not between 1 and 200 and p_type = 'choice'
        or v_count > 0 and p_type <> 'choice'
        or v_count <> coalesce(cardinality(p_labels_ru), 0)
        or v_count <> coalesce(cardinality(p_labels_en), 0)
        or v_count <> (select count(distinct w.value) from unnest(p_values) as w (value))
        or array_position(p_labels_ru || p_labels_en, null) is not null
    then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'attribute_choices_uneven',
            message = 'The choices do not suit the field.',
            detail = 'A field of the type choice has 1 to 200 different values with two labels '
                'each; a field of another type has none.';
    end if;

    delete from catalog_data.attribute_choices as c
    where c.definition_id = p_definition_id
        and c.value <> all (coalesce(p_values, '{}'));

    insert into catalog_data.attribute_choices (definition_id, value, label_ru, label_en, ordinal)
    select p_definition_id, w.value, w.label_ru, w.label_en, w.place * 10
    from unnest(p_values, p_labels_ru, p_labels_en) with ordinality
        as w (value, label_ru, label_en, place)
    on conflict on constraint attribute_choices_pkey do update
    set label_ru = excluded.label_ru, label_en = excluded.label_en, ordinal = excluded.ordinal;
end
$$;

comment on function catalog.attribute_choices_store(bigint, text, text[], text[], text[]) is
    'Step: gives an extra field exactly these choices. Raises: attribute_choices_uneven, '
    'attribute_choice_value_shape, attribute_choice_label_filled.';
