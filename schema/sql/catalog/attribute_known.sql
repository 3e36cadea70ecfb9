-- Guarantees: true for the key of an extra field that is in use, in whatever kind or category.
-- Locks nothing.
create or replace function catalog.attribute_known(p_key text)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from catalog_data.attribute_definitions as d
    where d.key = p_key
        and d.archived_at is null
);

comment on function catalog.attribute_known(text) is
    'Helper: whether an extra field of this key is in use. Raises: nothing.';
