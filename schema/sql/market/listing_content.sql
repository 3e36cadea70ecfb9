-- Guarantees: what a moderator checks of a listing's text, as one value to compare before and after
-- a change.
create or replace function market.listing_content(p_listing bigint)
returns jsonb
language sql
stable
parallel safe
return (
    select jsonb_build_array(
        l.title, l.description, l.category_id, l.subcategory_id, l.brand_id, l.part_number,
        l.condition, l.attributes)
    from market_data.listings as l
    where l.id = p_listing
);

comment on function market.listing_content(bigint) is
    'Helper: the fields of a listing that are checked by a moderator. Raises: nothing.';
