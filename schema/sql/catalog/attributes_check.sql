-- Guarantees: returns when the extra fields of a listing suit the definitions of its kind and
-- category; otherwise raises the first offence, with the key as the error's column. Null counts
-- as no fields at all; a field is left out, not given as null. Locks nothing.

create or replace function catalog.attributes_check(
    p_kind text,
    p_category_id bigint,
    p_attributes jsonb
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_given jsonb := coalesce(p_attributes, '{}');
    v_key text;
    v_reason text;
begin
    perform catalog.kind_require(p_kind);
    if jsonb_typeof(v_given) <> 'object' then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'attributes_not_object',
            message = 'The extra fields are an object of keys and values.';
    end if;

    select f.key, f.reason into v_key, v_reason
    from catalog.attributes_faults(p_kind, p_category_id, v_given) as f
    limit 1;

    if v_reason is not null then
        raise exception using
            errcode = 'ZINVL',
            constraint = v_reason,
            column = v_key,
            message = format('The extra field %s does not suit: %s.', left(v_key, 80), v_reason),
            detail = left(v_key, 80);
    end if;
end
$$;

comment on function catalog.attributes_check(text, bigint, jsonb) is
    'Step: the extra fields of a listing suit the definitions of its kind and category; the '
    'error''s column and detail name the key. Raises: kind_unknown, attributes_not_object, '
    'attribute_unknown, attribute_required, attribute_type, attribute_range, attribute_choice.';
