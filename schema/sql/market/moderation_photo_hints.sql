-- Guarantees: live listings that show a photo which looks like one of this listing's, with how many
-- of its 64 bits differ and whether the seller is the same. Locks nothing.
create or replace function market.moderation_photo_hints(p_listing bigint)
returns table (
    kind text,
    field text,
    excerpt text,
    details jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        'photo_lookalike', 'photos', o.title,
        jsonb_build_object(
            'listing_id', o.id, 'status', o.status, 'distance', a.distance,
            'same_seller', (o.owner_user_id, o.owner_shop_id)
                is not distinct from (l.owner_user_id, l.owner_shop_id))
    from market.photo_lookalikes(p_listing) as a
    join market_data.listings as o on o.id = a.listing_id
    join market_data.listings as l on l.id = p_listing
    order by a.distance, o.id desc
    limit 5;
end
$$;

comment on function market.moderation_photo_hints(bigint) is
    'Step: listings that a photo of this one may be taken from: details {listing_id, status, '
    'distance, same_seller}. Raises: nothing.';
