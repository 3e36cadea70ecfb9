-- Guarantees: every number within three steps, once, by its surest way; the confidence of a way
-- is the product of its steps. A step keeps the 100 surest numbers, so that a number which half
-- of the graph refers to stays cheap. The number asked about is not among them. Locks nothing.

create or replace function catalog.part_walk(
    p_brand_id bigint,
    p_number_norm text,
    p_least_confidence numeric
)
returns table (
    brand_id bigint,
    number text,
    number_norm text,
    hops integer,
    confidence numeric
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with hop_1 as materialized (
        select n.brand_id, n.number_norm, min(n.number) as number, max(n.confidence) as confidence
        from catalog.part_neighbours(p_brand_id, p_number_norm) as n
        where n.confidence >= p_least_confidence
        group by n.brand_id, n.number_norm
        order by 4 desc, 1, 2
        limit 100
    ),
    hop_2 as materialized (
        select n.brand_id, n.number_norm, min(n.number) as number,
            max(h.confidence * n.confidence) as confidence
        from hop_1 as h
        cross join lateral catalog.part_neighbours(h.brand_id, h.number_norm) as n
        where h.confidence * n.confidence >= p_least_confidence
        group by n.brand_id, n.number_norm
        order by 4 desc, 1, 2
        limit 100
    ),
    hop_3 as materialized (
        select n.brand_id, n.number_norm, min(n.number) as number,
            max(h.confidence * n.confidence) as confidence
        from hop_2 as h
        cross join lateral catalog.part_neighbours(h.brand_id, h.number_norm) as n
        where h.confidence * n.confidence >= p_least_confidence
        group by n.brand_id, n.number_norm
        order by 4 desc, 1, 2
        limit 100
    )
    select distinct on (w.brand_id, w.number_norm)
        w.brand_id, w.number, w.number_norm, w.hops, w.confidence
    from (
        select h.brand_id, h.number, h.number_norm, 1 as hops, h.confidence from hop_1 as h
        union all
        select h.brand_id, h.number, h.number_norm, 2, h.confidence from hop_2 as h
        union all
        select h.brand_id, h.number, h.number_norm, 3, h.confidence from hop_3 as h
    ) as w
    where w.number_norm <> p_number_norm
        or w.brand_id <> p_brand_id
    order by w.brand_id, w.number_norm, w.confidence desc, w.hops;
end
$$;

comment on function catalog.part_walk(bigint, text, numeric) is
    'Step: the analogues of a part number within three steps, each by its surest way; without a '
    'brand of every brand that has the number. Raises: nothing.';
