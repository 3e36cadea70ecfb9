-- Guarantees: a row for each place of the three arrays: the generation that make, model and
-- generation name together, by name, Russian name or address name, without regard to case and
-- punctuation; else which of the three is not known or not clear. Locks nothing.

create or replace function catalog.vehicle_match(
    p_makes text[],
    p_models text[],
    p_generations text[]
)
returns table (
    place integer,
    generation_id bigint,
    year_from integer,
    year_to integer,
    missing text
)
language sql
stable
parallel safe
begin atomic
    with wanted as materialized (
        select
            w.place::integer as place,
            catalog_data.name_normalise(w.make) as make,
            catalog_data.name_normalise(w.model) as model,
            catalog_data.name_normalise(w.generation) as generation
        from unnest(p_makes, p_models, p_generations) with ordinality
            as w (make, model, generation, place)
    ),
    make_keys as materialized (
        select distinct k.id, u.key
        from catalog_data.makes as k
        cross join lateral unnest(array[
            catalog_data.name_normalise(k.name), catalog_data.name_normalise(k.name_ru),
            catalog_data.name_normalise(k.slug)]) as u (key)
    ),
    make_ids as materialized (
        select w.make, min(k.id) as id
        from (select distinct o.make from wanted as o) as w
        join make_keys as k on k.key = w.make
        group by w.make
        having count(*) = 1
    ),
    model_ids as materialized (
        select w.make, w.model, min(m.id) as id
        from (select distinct o.make, o.model from wanted as o) as w
        join make_ids as k on k.make = w.make
        join catalog_data.models as m on m.make_id = k.id
        where w.model in (
            catalog_data.name_normalise(m.name), catalog_data.name_normalise(m.name_ru),
            catalog_data.name_normalise(m.slug))
        group by w.make, w.model
        having count(*) = 1
    ),
    generation_ids as materialized (
        select w.make, w.model, w.generation, min(g.id) as id
        from (select distinct o.make, o.model, o.generation from wanted as o) as w
        join model_ids as m on m.make = w.make and m.model = w.model
        join catalog_data.generations as g on g.model_id = m.id
        where w.generation in (
            catalog_data.name_normalise(g.name), catalog_data.name_normalise(g.slug))
        group by w.make, w.model, w.generation
        having count(*) = 1
    )
    select
        w.place, g.id, g.year_from::integer, g.year_to::integer,
        case
            when k.id is null then 'make'
            when m.id is null then 'model'
            when i.id is null then 'generation'
        end
    from wanted as w
    left join make_ids as k on k.make = w.make
    left join model_ids as m on m.make = w.make and m.model = w.model
    left join generation_ids as i
        on i.make = w.make
        and i.model = w.model
        and i.generation = w.generation
    left join catalog_data.generations as g on g.id = i.id;
end;

comment on function catalog.vehicle_match(text[], text[], text[]) is
    'Helper: generations by the names of make, model and generation. Raises: nothing.';
