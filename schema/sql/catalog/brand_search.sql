-- Guarantees: the nearest brands first: the exact spelling, then what begins so, then what looks
-- alike; a brand once, with the spelling by which it was found. Locks nothing.

create or replace function catalog.brand_search(
    p_query text,
    p_limit integer
)
returns table (
    brand_id bigint,
    slug text,
    name text,
    country text,
    kind text,
    synonym text,
    score real
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
        select b.id, b.slug, b.name, b.country, b.kind, b.name, 0::real
        from catalog_data.brands as b
        order by b.name, b.id
        limit v_limit;
        return;
    end if;

    return query
    select b.id, b.slug, b.name, b.country, b.kind, n.synonym, n.score
    from (
        select distinct on (f.brand_id) f.brand_id, f.synonym, f.score
        from (
            select
                s.brand_id,
                s.synonym,
                (case
                    when s.synonym_norm = v_norm then 2
                    when s.synonym_norm like v_norm || '%' then 1
                    else 0
                end + extensions.similarity(s.synonym_norm, v_norm))::real as score
            from catalog_data.brand_synonyms as s
            where s.synonym_norm like v_norm || '%'
                or s.synonym_norm operator(extensions.%) v_norm
        ) as f
        order by f.brand_id, f.score desc, f.synonym
    ) as n
    join catalog_data.brands as b on b.id = n.brand_id
    order by n.score desc, b.name, b.id
    limit v_limit;
end
$$;

comment on function catalog.brand_search(text, integer) is
    'Brands by any of their spellings, the nearest first; without a query by name, at most 100. '
    'synonym is the spelling that was found, country is null when not known. Raises: nothing.';

grant execute on function catalog.brand_search(text, integer) to kardan_api, kardan_bot;
