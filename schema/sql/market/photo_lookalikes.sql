-- A step: other listings that show a photo which looks like one of this listing's, the most alike
-- first. Two photos are alike when at most 6 of 64 bits differ: the same picture in another size,
-- compressed again, a little brighter. Only what is or may soon be for sale counts: pending,
-- published, reserved. A picture that half the market shows says nothing: 20 listings are enough.
-- Reads through the index of hashes, never the table. Locks nothing.
create or replace function market.photo_lookalikes(p_listing bigint)
returns table (listing_id bigint, distance integer)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with mine as materialized (
        select f.perceptual_hash, market.photo_probes(f.perceptual_hash) as probes
        from market_data.listing_photos as f
        where f.listing_id = p_listing
            and f.perceptual_hash is not null
    ),
    -- First by the index, then whose photos these are: they are few whatever the market holds.
    alike as materialized (
        select
            o.listing_id,
            bit_count((o.perceptual_hash # m.perceptual_hash)::bit(64))::integer as distance
        from mine as m
        join market_data.listing_photos as o
            on o.perceptual_hash is not null
            and market_data.photo_hash_bands(o.perceptual_hash) && m.probes
        where o.listing_id <> p_listing
            and bit_count((o.perceptual_hash # m.perceptual_hash)::bit(64)) <= 6
    )
    select a.listing_id, min(a.distance)
    from alike as a
    join market_data.listings as l on l.id = a.listing_id
    where l.status in ('pending', 'published', 'reserved')
    group by a.listing_id
    order by min(a.distance), a.listing_id desc
    limit 20;
end
$$;

comment on function market.photo_lookalikes(bigint) is
    'Step: at most 20 other listings with a photo that looks like one of this listing''s, and in '
    'how many of 64 bits the closest differs, 0 to 6; most alike first, then newest. Raises: '
    'nothing.';
