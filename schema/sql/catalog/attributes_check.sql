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

    select o.key, o.reason into v_key, v_reason
    from (
        select
            coalesce(e.key, g.key) as key,
            e.nearness,
            e.ordinal,
            case
                when e.key is null then 'attribute_unknown'
                when g.key is null then case when e.required then 'attribute_required' end
                when e.type = 'choice' and jsonb_typeof(g.value) = 'string' then
                    case when not exists (
                        select from catalog_data.attribute_choices as c
                        where c.definition_id = e.id and c.value = g.value #>> '{}'
                    ) then 'attribute_choice' end
                else catalog.attribute_problem(
                    e.type, g.value, e.minimum, e.maximum, e.max_length)
            end as reason
        from catalog.attribute_effective(p_kind, p_category_id) as e
        full join jsonb_each(v_given) as g (key, value) on g.key = e.key
    ) as o
    where o.reason is not null
    order by o.nearness desc nulls first, o.ordinal, o.key
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
