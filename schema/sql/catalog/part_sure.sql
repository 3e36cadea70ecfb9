-- Guarantees: the number itself, and the numbers one step away that surely are the same part: by a
-- car maker's own number (oem) or by supersession in either direction, with 0.8 or more of all
-- sources together, the 20 surest. One select, so that it inlines. Locks nothing.

create or replace function catalog.part_sure(
    p_brand_id bigint,
    p_number_norm text
)
returns table (
    brand_id bigint,
    number_norm text,
    confidence double precision
)
language sql
stable
parallel safe
begin atomic
    select p_brand_id, p_number_norm, 1::double precision
    union all
    select n.brand_id, n.number_norm, n.confidence
    from (
        select
            s.brand_id, s.number_norm,
            least(1 - exp(sum(ln(1 - least(s.confidence, 0.999)::double precision))), 0.999)
                as confidence
        from (
            select e.brand_id, e.number_norm, e.source, max(e.confidence) as confidence
            from (
                select x.to_brand_id, x.to_number_norm, x.source, x.confidence
                from catalog_data.part_crosses as x
                where x.from_number_norm = p_number_norm
                    and x.from_brand_id = p_brand_id
                    and x.relation in ('oem', 'supersedes')
                union all
                select x.from_brand_id, x.from_number_norm, x.source, x.confidence
                from catalog_data.part_crosses as x
                where x.to_number_norm = p_number_norm
                    and x.to_brand_id = p_brand_id
                    and x.relation in ('oem', 'supersedes')
            ) as e (brand_id, number_norm, source, confidence)
            group by e.brand_id, e.number_norm, e.source
        ) as s
        group by s.brand_id, s.number_norm
        order by 3 desc, 1, 2
        limit 20
    ) as n
    -- 0.8 as a source gives it, which the sum of logarithms may miss by a hair
    where n.confidence >= 0.7999;
end;

comment on function catalog.part_sure(bigint, text) is
    'Helper: a number and those which surely are the same part. Raises: nothing.';
