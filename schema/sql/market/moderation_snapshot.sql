-- Guarantees: the fields of a listing that a moderator may edit, as they stand. Locks nothing.
create or replace function market.moderation_snapshot(p_listing bigint)
returns jsonb
language sql
stable
parallel safe
return (
    select jsonb_build_object(
        'title', l.title, 'description', l.description, 'category_id', l.category_id,
        'subcategory_id', l.subcategory_id, 'brand_id', l.brand_id, 'part_number', l.part_number,
        'condition', l.condition, 'attributes', l.attributes)
    from market_data.listings as l
    where l.id = p_listing
);

comment on function market.moderation_snapshot(bigint) is
    'Helper: what a moderator may edit in a listing, by field. Raises: nothing.';
