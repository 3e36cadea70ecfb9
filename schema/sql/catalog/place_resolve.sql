-- Guarantees: the one town that is called so: by its slug, else by its name in Russian or English;
-- of several the one with most people. Locks nothing.

create or replace function catalog.place_resolve(p_name text)
returns bigint
language sql
stable
parallel safe
return (
    select p.id
    from catalog_data.places as p
    where p.slug = lower(btrim(p_name))
        or catalog_data.name_normalise(p_name) in (
            catalog_data.name_normalise(p.name_ru), catalog_data.name_normalise(p.name_en))
    order by p.slug = lower(btrim(p_name)) desc, p.population desc, p.id
    limit 1
);

comment on function catalog.place_resolve(text) is
    'Helper: the town by its slug or its name; null when there is none. Raises: nothing.';
