-- Guarantees: the vehicles that a listing fits, as people read them, in the order they were
-- added. Locks nothing.
create or replace function market.moderation_fitment_names(p_listing bigint)
returns text[]
language sql
stable
parallel safe
return (
    select coalesce(
        array_agg(
            concat_ws(
                ' ', g.make_name, g.model_name, g.name,
                case
                    when f.year_from is not null or f.year_to is not null
                        then format('%s–%s', f.year_from, f.year_to)
                end,
                nullif(f.note, ''))
            order by f.id),
        '{}')
    from market_data.listing_fitments as f
    join lateral catalog.generation_get(f.generation_id) as g on true
    where f.listing_id = p_listing
);

comment on function market.moderation_fitment_names(bigint) is
    'Helper: make, model, generation, years and note of every vehicle that a listing fits. '
    'Raises: nothing.';
