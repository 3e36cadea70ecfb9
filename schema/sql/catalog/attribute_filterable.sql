-- Guarantees: true when a search may filter by extra fields of this key: one is in use somewhere
-- that is meant for filters, and the one of the given category, where there is one, is as well.
-- Locks nothing.
create or replace function catalog.attribute_filterable(p_key text, p_category_id bigint)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from catalog_data.attribute_definitions as d
    where d.key = p_key
        and d.archived_at is null
        and d.filterable
)
and not exists (
    select
    from catalog_data.categories as c
    cross join lateral catalog.attribute_effective(c.kind, c.id) as e
    where c.id = p_category_id
        and e.key = p_key
        and not e.filterable
);

comment on function catalog.attribute_filterable(text, bigint) is
    'Helper: whether a search may filter by an extra field, in a category or, null, in any. '
    'Raises: nothing.';
