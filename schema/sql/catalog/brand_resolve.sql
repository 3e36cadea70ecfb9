-- Guarantees: the brand which has this spelling, or null. Locks nothing.

create or replace function catalog.brand_resolve(p_name text)
returns bigint
language sql
stable
parallel safe
return (
    select s.brand_id
    from catalog_data.brand_synonyms as s
    where s.synonym_norm = catalog_data.name_normalise(p_name)
);

comment on function catalog.brand_resolve(text) is
    'Helper: the brand by any of its spellings; null when nobody has it. Raises: nothing.';
