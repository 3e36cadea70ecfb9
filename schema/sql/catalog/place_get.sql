-- Guarantees: 0 or 1 row. A helper for the queries of other domains: one select, so that it
-- inlines into theirs. Locks nothing.

create or replace function catalog.place_get(p_id bigint)
returns table (
    id bigint,
    slug text,
    name_ru text,
    name_en text,
    region_ru text,
    region_en text
)
language sql
stable
parallel safe
begin atomic
    select p.id, p.slug, p.name_ru, p.name_en, p.region_ru, p.region_en
    from catalog_data.places as p
    where p.id = p_id;
end;

comment on function catalog.place_get(bigint) is
    'Helper: a town by its number, no row when there is none. Raises: nothing.';
