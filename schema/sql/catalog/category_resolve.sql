-- Guarantees: the one subcategory in use that is called so: by its slug, else by its name in
-- Russian or English, else null; null also when several are. Locks nothing.

create or replace function catalog.category_resolve(p_name text)
returns bigint
language sql
stable
parallel safe
return (
    select case when count(*) = 1 then min(c.id) end
    from (
        select c.id, rank() over (order by c.slug = lower(btrim(p_name)) desc) as place
        from catalog_data.categories as c
        where c.level = 2
            and (
                c.slug = lower(btrim(p_name))
                or catalog_data.name_normalise(p_name) in (
                    catalog_data.name_normalise(c.name_ru), catalog_data.name_normalise(c.name_en)))
    ) as c
    where c.place = 1
);

comment on function catalog.category_resolve(text) is
    'Helper: the subcategory by its slug or a name that no other has; null otherwise. '
    'Raises: nothing.';
