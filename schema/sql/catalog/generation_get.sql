-- Guarantees: 0 or 1 row. A helper for the queries of other domains: one select, so that it
-- inlines into theirs. Locks nothing.

create or replace function catalog.generation_get(p_id bigint)
returns table (
    id bigint,
    make_id bigint,
    make_name text,
    model_id bigint,
    model_name text,
    name text,
    year_from smallint,
    year_to smallint,
    body text
)
language sql
stable
parallel safe
begin atomic
    select g.id, k.id, k.name, m.id, m.name, g.name, g.year_from, g.year_to, g.body
    from catalog_data.generations as g
    join catalog_data.models as m on m.id = g.model_id
    join catalog_data.makes as k on k.id = m.make_id
    where g.id = p_id;
end;

comment on function catalog.generation_get(bigint) is
    'Helper: a generation of a vehicle by its number with its model and make, no row when there '
    'is none; year_to is null while it is still made. Raises: nothing.';
