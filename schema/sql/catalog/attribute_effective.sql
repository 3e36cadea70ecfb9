-- Guarantees: every field in use that applies to the kind and category, a key once: the one of
-- the subcategory before that of the category before that of the whole kind. One select, so that
-- it inlines. Locks nothing.

create or replace function catalog.attribute_effective(
    p_kind text,
    p_category_id bigint
)
returns table (
    id bigint,
    key text,
    type text,
    required boolean,
    minimum numeric,
    maximum numeric,
    max_length integer,
    ordinal integer,
    nearness integer,
    filterable boolean
)
language sql
stable
parallel safe
begin atomic
    select distinct on (d.key)
        d.id, d.key, d.type, d.required, d.minimum, d.maximum, d.max_length, d.ordinal,
        case when d.category_id is null then 0 when d.category_id = p_category_id then 2 else 1 end,
        d.filterable
    from catalog_data.attribute_definitions as d
    where d.kind = p_kind
        and d.archived_at is null
        and (
            d.category_id is null
            or d.category_id = p_category_id
            or d.category_id = (
                select c.parent_id from catalog_data.categories as c where c.id = p_category_id)
        )
    order by d.key, 9 desc;
end;

comment on function catalog.attribute_effective(text, bigint) is
    'Helper: the extra fields that apply to a kind and a category, the narrowest definition of '
    'each key; nearness is 2 for the category itself, 1 for its parent, 0 for the kind. '
    'Raises: nothing.';
