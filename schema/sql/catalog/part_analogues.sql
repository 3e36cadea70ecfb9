-- Guarantees: the analogues of a number within three steps of the graph, the surest first.
-- Locks nothing.

create or replace function catalog.part_analogues(
    p_brand_id bigint,
    p_number text,
    p_limit integer
)
returns table (
    brand_id bigint,
    brand_slug text,
    brand_name text,
    number text,
    number_norm text,
    hops integer,
    confidence double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_norm text := catalog_data.part_number_normalise(left(coalesce(p_number, ''), 120));
    v_limit integer := least(greatest(coalesce(p_limit, 20), 1), 100);
begin
    if v_norm = '' then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'part_number_needed',
            message = 'A part number has at least one letter or digit.';
    end if;

    return query
    select
        b.id, b.slug, b.name, w.number, w.number_norm, w.hops,
        round(w.confidence, 3)::double precision
    from catalog.part_walk(p_brand_id, v_norm, 0.05) as w
    join catalog_data.brands as b on b.id = w.brand_id
    order by w.confidence desc, w.hops, b.name, w.number_norm
    limit v_limit;
end
$$;

comment on function catalog.part_analogues(bigint, text, integer) is
    'Analogues of a part number in any spelling, through up to three cross references, the surest '
    'first; p_brand_id null means any brand that has the number. Raises: part_number_needed.';

grant execute on function catalog.part_analogues(bigint, text, integer) to kardan_api, kardan_bot;
