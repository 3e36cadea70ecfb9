-- Guarantees: what a post of a listing in a channel shows, as one value: whoever writes posts edits
-- one when this is another value than the one that was posted. The rule that a change of the price
-- alone leaves posts as they are is in it: the price is the one of the last publication. Null
-- before that.
create or replace function market.listing_post(p_listing bigint)
returns jsonb
language sql
stable
parallel safe
return (
    select jsonb_build_object(
        'title', l.title, 'description', l.description, 'category_id', l.category_id,
        'subcategory_id', l.subcategory_id, 'brand', l.brand_label, 'part_number', l.part_number,
        'condition', l.condition, 'place_id', l.place_id, 'attributes', l.attributes,
        'currency', p.currency, 'price_minor', p.price_minor,
        'wholesale_price_minor', p.wholesale_price_minor,
        'wholesale_min_quantity', p.wholesale_min_quantity,
        'photos', array(
            select f.storage_key
            from market_data.listing_photos as f
            where f.listing_id = l.id
            order by f.position))
    from market_data.listings as l
    join market.listing_published_prices as p on p.listing_id = l.id
    where l.id = p_listing
);

comment on function market.listing_post(bigint) is
    'Helper: what a post of a listing shows. Raises: nothing.';
