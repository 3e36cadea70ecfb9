-- Guarantees: the fields that a listing of the kind and category has, those of the category
-- first, with their choices as three arrays of one order. Locks nothing.

create or replace function catalog.attribute_list(
    p_kind text,
    p_category_id bigint
)
returns table (
    attribute_id bigint,
    category_id bigint,
    key text,
    value_type text,
    unit text,
    label_ru text,
    label_en text,
    hint_ru text,
    hint_en text,
    required boolean,
    minimum double precision,
    maximum double precision,
    max_length integer,
    ordinal integer,
    filterable boolean,
    version integer,
    choice_values text[],
    choice_labels_ru text[],
    choice_labels_en text[]
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform catalog.kind_require(p_kind);
    if p_category_id is not null and not exists (
        select from catalog_data.categories as c where c.id = p_category_id and c.kind = p_kind
    ) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'category_unknown',
            message = format('There is no category %s of the kind %s.', p_category_id, p_kind);
    end if;

    return query
    select
        d.id, d.category_id, d.key, d.type, d.unit, d.label_ru, d.label_en, d.hint_ru, d.hint_en,
        d.required, d.minimum::double precision, d.maximum::double precision, d.max_length,
        d.ordinal, d.filterable, d.version, v.choice_values, v.labels_ru, v.labels_en
    from catalog.attribute_effective(p_kind, p_category_id) as e
    join catalog_data.attribute_definitions as d on d.id = e.id
    cross join lateral (
        select
            coalesce(array_agg(o.value order by o.ordinal, o.value), '{}') as choice_values,
            coalesce(array_agg(o.label_ru order by o.ordinal, o.value), '{}') as labels_ru,
            coalesce(array_agg(o.label_en order by o.ordinal, o.value), '{}') as labels_en
        from catalog_data.attribute_choices as o
        where o.definition_id = d.id
    ) as v
    order by e.nearness desc, d.ordinal, d.id
    limit 200;
end
$$;

comment on function catalog.attribute_list(text, bigint) is
    'Extra fields of a kind and category (null: of the kind alone). category_id is null for a '
    'field of the whole kind; unit, hints, bounds and length are null when there are none; the '
    'choices are empty arrays unless the type is choice. Raises: kind_unknown, category_unknown.';

grant execute on function catalog.attribute_list(text, bigint) to kardan_api, kardan_bot;
