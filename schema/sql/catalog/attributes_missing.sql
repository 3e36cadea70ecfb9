-- Guarantees: the extra fields that a kind and category ask for and the values do not have, in
-- their order. One select, so that it inlines. Locks nothing.
create or replace function catalog.attributes_missing(
    p_kind text,
    p_category_id bigint,
    p_attributes jsonb
)
returns table (
    key text,
    label_ru text,
    label_en text,
    nearness integer,
    ordinal integer
)
language sql
stable
parallel safe
begin atomic
    select d.key, d.label_ru, d.label_en, e.nearness, e.ordinal
    from catalog.attribute_effective(p_kind, p_category_id) as e
    join catalog_data.attribute_definitions as d on d.id = e.id
    where e.required
        and not p_attributes ? e.key;
end;

comment on function catalog.attributes_missing(text, bigint, jsonb) is
    'Helper: required extra fields that are missing, as people read them. Raises: nothing.';
