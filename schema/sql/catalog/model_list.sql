-- Guarantees: every model of the make, by name, with the years in which any of its generations
-- was made. Models of a make are few by nature: a thousand rows are the ceiling. Locks nothing.

create or replace function catalog.model_list(p_make_id bigint)
returns table (
    model_id bigint,
    slug text,
    name text,
    name_ru text,
    year_from integer,
    year_to integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from catalog_data.makes as k where k.id = p_make_id) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'make_unknown',
            message = format('There is no make %s.', p_make_id);
    end if;

    return query
    select m.id, m.slug, m.name, m.name_ru, y.year_from, y.year_to
    from catalog_data.models as m
    left join lateral (
        select
            min(g.year_from)::integer as year_from,
            case when bool_and(g.year_to is not null) then max(g.year_to) end::integer as year_to
        from catalog_data.generations as g
        where g.model_id = m.id
    ) as y on true
    where m.make_id = p_make_id
    order by lower(m.name), m.id
    limit 1000;
end
$$;

comment on function catalog.model_list(bigint) is
    'Models of a make by name; year_to is null while one of its generations is still made, '
    'year_from when none is known. Raises: make_unknown.';

grant execute on function catalog.model_list(bigint) to kardan_api, kardan_bot;
