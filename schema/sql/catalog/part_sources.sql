-- Guarantees: what every source says of the numbers one step away: the other end of an analogue
-- from either end, and the new number from a superseded one. own_brand_id is the brand that the
-- number asked about has there. One select, so that it inlines. Locks nothing.

create or replace function catalog.part_sources(
    p_brand_id bigint,
    p_number_norm text
)
returns table (
    own_brand_id bigint,
    brand_id bigint,
    number text,
    number_norm text,
    source text,
    confidence numeric
)
language sql
stable
parallel safe
begin atomic
    select
        x.from_brand_id, x.to_brand_id, x.to_number, x.to_number_norm, x.source, x.confidence
    from catalog_data.part_crosses as x
    where x.from_number_norm = p_number_norm
        and (p_brand_id is null or x.from_brand_id = p_brand_id)
        and x.relation <> 'supersedes'
    union all
    select
        x.to_brand_id, x.from_brand_id, x.from_number, x.from_number_norm, x.source, x.confidence
    from catalog_data.part_crosses as x
    where x.to_number_norm = p_number_norm
        and (p_brand_id is null or x.to_brand_id = p_brand_id);
end;

comment on function catalog.part_sources(bigint, text) is
    'Helper: every cross reference of a number, one step away; without a brand those of every '
    'brand that has the number. Raises: nothing.';
