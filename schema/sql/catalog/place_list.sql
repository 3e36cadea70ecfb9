-- Guarantees: without a query the largest towns; with one, towns of which a word begins so, then
-- those which look alike, the larger first. Locks nothing.

create or replace function catalog.place_list(
    p_query text,
    p_limit integer
)
returns table (
    place_id bigint,
    slug text,
    name_ru text,
    name_en text,
    region_ru text,
    region_en text,
    population integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_norm text := catalog_data.name_normalise(left(coalesce(p_query, ''), 80));
    v_limit integer := least(greatest(coalesce(p_limit, 20), 1), 100);
begin
    if v_norm = '' then
        return query
        select p.id, p.slug, p.name_ru, p.name_en, p.region_ru, p.region_en, p.population
        from catalog_data.places as p
        order by p.population desc, p.id
        limit v_limit;
        return;
    end if;

    return query
    select p.id, p.slug, p.name_ru, p.name_en, p.region_ru, p.region_en, p.population
    from catalog_data.places as p
    where p.name_norm like v_norm || '%'
        or p.name_norm like '% ' || v_norm || '%'
        or v_norm operator(extensions.<%) p.name_norm
    order by
        case
            when p.name_norm like v_norm || '%' then 0
            when p.name_norm like '% ' || v_norm || '%' then 1
            else 2
        end,
        p.population desc, p.id
    limit v_limit;
end
$$;

comment on function catalog.place_list(text, integer) is
    'Towns by the beginning of a name in Russian or English, mistypings forgiven; without a query '
    'the largest. At most 100. Raises: nothing.';

grant execute on function catalog.place_list(text, integer) to kardan_api, kardan_bot;
