-- Guarantees: every category in use of the kind, each followed by its subcategories in their
-- order. The catalogue is small by nature: a thousand rows are its ceiling. Locks nothing.

create or replace function catalog.category_list(p_kind text)
returns table (
    category_id bigint,
    parent_id bigint,
    kind text,
    slug text,
    name_ru text,
    name_en text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform catalog.kind_require(p_kind);

    return query
    select c.id, c.parent_id, c.kind, c.slug, c.name_ru, c.name_en
    from catalog_data.categories as c
    left join catalog_data.categories as t on t.id = c.parent_id
    where c.kind = p_kind
        and c.archived_at is null
        and t.archived_at is null
    order by
        coalesce(t.ordinal, c.ordinal), coalesce(t.id, c.id), c.level, c.ordinal, c.id
    limit 1000;
end
$$;

comment on function catalog.category_list(text) is
    'Categories and subcategories of a kind of listing, each category before its subcategories; '
    'parent_id is null for a category of the first level. Raises: kind_unknown.';

grant execute on function catalog.category_list(text) to kardan_api, kardan_bot;
