-- Guarantees: 0 or 1 row. A helper for the queries of other domains: one select, so that it
-- inlines into theirs. Locks nothing.

create or replace function catalog.brand_get(p_id bigint)
returns table (
    id bigint,
    slug text,
    name text,
    country text,
    kind text
)
language sql
stable
parallel safe
begin atomic
    select b.id, b.slug, b.name, b.country, b.kind
    from catalog_data.brands as b
    where b.id = p_id;
end;

comment on function catalog.brand_get(bigint) is
    'Helper: a brand by its number, no row when there is none; country is null when not known. '
    'Raises: nothing.';
