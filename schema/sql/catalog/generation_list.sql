-- Guarantees: every generation of the model, the oldest first; a hundred rows are the ceiling.
-- Locks nothing.

create or replace function catalog.generation_list(p_model_id bigint)
returns table (
    generation_id bigint,
    slug text,
    name text,
    year_from integer,
    year_to integer,
    body text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from catalog_data.models as m where m.id = p_model_id) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'model_unknown',
            message = format('There is no model %s.', p_model_id);
    end if;

    return query
    select g.id, g.slug, g.name, g.year_from::integer, g.year_to::integer, g.body
    from catalog_data.generations as g
    where g.model_id = p_model_id
    order by g.year_from, g.name, g.id
    limit 100;
end
$$;

comment on function catalog.generation_list(bigint) is
    'Generations of a model, the oldest first; year_to is null while it is still made. '
    'Raises: model_unknown.';

grant execute on function catalog.generation_list(bigint) to kardan_api, kardan_bot;
