-- Guarantees: 0 or 1 row. A helper for the queries of other domains: one select, so that it
-- inlines into theirs. Locks nothing.

create or replace function catalog.category_get(p_id bigint)
returns table (
    id bigint,
    parent_id bigint,
    kind text,
    slug text,
    name_ru text,
    name_en text,
    archived_at timestamptz
)
language sql
stable
parallel safe
begin atomic
    select c.id, c.parent_id, c.kind, c.slug, c.name_ru, c.name_en, c.archived_at
    from catalog_data.categories as c
    where c.id = p_id;
end;

comment on function catalog.category_get(bigint) is
    'Helper: a category by its number, no row when there is none; parent_id is null for the '
    'first level, archived_at while it is offered. Raises: nothing.';
