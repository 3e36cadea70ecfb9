-- Guarantees: the generations of a make, of one of its models unless that is null, that were made
-- in one of these model years unless there are none; a model year may be one off the years of
-- making. A helper for the queries of other domains: one select, so that it inlines. Locks nothing.
create or replace function catalog.generation_candidates(
    p_make bigint,
    p_model bigint,
    p_years integer[]
)
returns table (
    generation_id bigint,
    make_name text,
    model_id bigint,
    model_name text,
    generation_name text,
    year_from integer,
    year_to integer,
    body text
)
language sql
stable
parallel safe
begin atomic
    select g.id, k.name, m.id, m.name, g.name, g.year_from::integer, g.year_to::integer, g.body
    from catalog_data.makes as k
    join catalog_data.models as m on m.make_id = k.id
    join catalog_data.generations as g on g.model_id = m.id
    where k.id = p_make
        and (p_model is null or m.id = p_model)
        and (
            coalesce(cardinality(p_years), 0) = 0
            or exists (
                select
                from unnest(p_years) as y (year)
                where y.year between g.year_from - 1 and coalesce(g.year_to, 2100) + 1));
end;

comment on function catalog.generation_candidates(bigint, bigint, integer[]) is
    'Helper: generations that a vehicle of a make, model and year may be. Raises: nothing.';
