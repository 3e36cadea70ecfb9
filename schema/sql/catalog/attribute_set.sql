-- Guarantees: the field (kind, category, key) is as asked, and in use; its type stays what it was
-- made with, because listings carry values of it. Locks the definition, then its choices.
-- Idempotent by state: asking for what already is changes nothing, whatever version is given.

create or replace function catalog.attribute_set(
    p_actor bigint,
    p_kind text,
    p_category_id bigint,
    p_key text,
    p_version integer,
    p_value_type text,
    p_unit text,
    p_label_ru text,
    p_label_en text,
    p_hint_ru text,
    p_hint_en text,
    p_required boolean,
    p_minimum double precision,
    p_maximum double precision,
    p_max_length integer,
    p_ordinal integer,
    p_filterable boolean,
    p_choice_values text[],
    p_choice_labels_ru text[],
    p_choice_labels_en text[]
)
returns table (attribute_id bigint, version integer, changed boolean)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id bigint;
    v_version integer;
    v_before jsonb;
    v_after jsonb;
begin
    perform people.actor_require(p_actor, 'admin');
    perform catalog.kind_require(p_kind);
    select l.id, l.version into v_id, v_version
    from catalog.attribute_lock(p_kind, p_category_id, p_key, p_value_type, p_version) as l;
    v_before := catalog.attribute_state(v_id);

    insert into catalog_data.attribute_definitions as d (
        kind, category_id, key, type, unit, label_ru, label_en, hint_ru, hint_en, required,
        minimum, maximum, max_length, ordinal, filterable)
    values (
        p_kind, p_category_id, p_key, p_value_type, p_unit, p_label_ru, p_label_en, p_hint_ru,
        p_hint_en, p_required, p_minimum, p_maximum, p_max_length, p_ordinal, p_filterable)
    on conflict on constraint attribute_key_taken do update
    set unit = excluded.unit, label_ru = excluded.label_ru, label_en = excluded.label_en,
        hint_ru = excluded.hint_ru, hint_en = excluded.hint_en, required = excluded.required,
        minimum = excluded.minimum, maximum = excluded.maximum, max_length = excluded.max_length,
        ordinal = excluded.ordinal, filterable = excluded.filterable, archived_at = null
    where v_before is not null
    returning d.id into v_id;
    if not found then
        raise exception using
            errcode = '23505',
            constraint = 'attribute_key_taken',
            message = format('The extra field %s was made by somebody else just now.', p_key);
    end if;
    perform catalog.attribute_choices_store(
        v_id, p_value_type, p_choice_values, p_choice_labels_ru, p_choice_labels_en);

    v_after := catalog.attribute_state(v_id);
    if v_before is distinct from v_after then
        v_version := catalog.attribute_advance(p_actor, v_id, p_version, v_before, v_after);
    end if;
    return query select v_id, v_version, v_before is distinct from v_after;
end
$$;

comment on function catalog.attribute_set(
    bigint, text, bigint, text, integer, text, text, text, text, text, text, boolean,
    double precision, double precision, integer, integer, boolean, text[], text[], text[]) is
    'An administrator makes or changes an extra field; p_version is the version that was read, '
    'null for a new one or to compare nothing. An archived field comes back into use. changed is '
    'false when it was so already. Raises: actor_unknown, actor_blocked, role_required, '
    'kind_unknown, attribute_not_found, version_stale, attribute_type_fixed, '
    'attribute_key_taken, '
    'attribute_category_of_kind, attribute_key_shape, attribute_type_known, '
    'attribute_label_filled, attribute_hint_short, attribute_unit_short, '
    'attribute_bounds_of_number, attribute_bounds_ordered, attribute_bounds_sensible, '
    'attribute_length_of_text, attribute_choices_uneven, attribute_choice_value_shape, '
    'attribute_choice_label_filled.';

grant execute on function catalog.attribute_set(
    bigint, text, bigint, text, integer, text, text, text, text, text, text, boolean,
    double precision, double precision, integer, integer, boolean, text[], text[], text[])
    to kardan_api, kardan_bot;
