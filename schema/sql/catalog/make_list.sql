-- Guarantees: every make, by name. Makes are few by nature: a thousand rows are the ceiling.
-- Locks nothing.

create or replace function catalog.make_list()
returns table (
    make_id bigint,
    slug text,
    name text,
    name_ru text,
    country text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select k.id, k.slug, k.name, k.name_ru, k.country
    from catalog_data.makes as k
    order by lower(k.name), k.id
    limit 1000;
end
$$;

comment on function catalog.make_list() is 'Makes of vehicles by name. Raises: nothing.';

grant execute on function catalog.make_list() to kardan_api, kardan_bot;
