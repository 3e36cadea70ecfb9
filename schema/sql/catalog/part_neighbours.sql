-- Guarantees: the numbers one step away, each once for each brand that has the number asked about,
-- with the confidence of all its sources together: agreeing sources are taken as independent, so
-- all of them are wrong with the product of their doubts, and the confidence is 1 - (1 - c1)(1 -
-- c2)… . A source counts once, with the most that it says. Together they come to 0.999 at most:
-- only a source that itself says 1 is sure. One select, so that it inlines. Locks nothing.

create or replace function catalog.part_neighbours(
    p_brand_id bigint,
    p_number_norm text
)
returns table (
    brand_id bigint,
    number text,
    number_norm text,
    confidence numeric
)
language sql
stable
parallel safe
begin atomic
    select
        s.brand_id, min(s.number), s.number_norm,
        greatest(
            max(s.confidence),
            case
                when count(*) > 1 then round(
                    least(
                        1 - exp(sum(ln(1 - least(s.confidence, 0.999)::double precision))),
                        0.999)::numeric,
                    3)
            end)
    from (
        select
            p.own_brand_id, p.brand_id, p.number_norm, p.source, min(p.number) as number,
            max(p.confidence) as confidence
        from catalog.part_sources(p_brand_id, p_number_norm) as p
        group by p.own_brand_id, p.brand_id, p.number_norm, p.source
    ) as s
    group by s.own_brand_id, s.brand_id, s.number_norm;
end;

comment on function catalog.part_neighbours(bigint, text) is
    'Helper: the numbers one step away from a number and how sure its sources are together; '
    'without a brand those of every brand that has the number. Raises: nothing.';
