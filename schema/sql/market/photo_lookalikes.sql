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
    select c.listing_id, min(c.distance)::integer
    from (
        select
            o.listing_id,
            bit_count((o.perceptual_hash # f.perceptual_hash)::bit(64)) as distance
        from market_data.listing_photos as f
        cross join lateral (select market.photo_probes(f.perceptual_hash)) as p (bands)
        join market_data.listing_photos as o
            on o.perceptual_hash is not null
            and market_data.photo_hash_bands(o.perceptual_hash) operator(pg_catalog.&&) p.bands
        where f.listing_id = p_listing
            and f.perceptual_hash is not null
            and o.listing_id <> p_listing
    ) as c
    join market_data.listings as l on l.id = c.listing_id
    where c.distance <= 6
        and l.status in ('pending', 'published', 'reserved')
    group by c.listing_id
    order by min(c.distance), c.listing_id desc
    limit 20;
end
$$;

comment on function market.photo_lookalikes(bigint) is
    'Step: at most 20 other listings with a photo that looks like one of this listing''s, and in how '
    'many of 64 bits the closest differs, 0 to 6; most alike first, then newest. Raises: nothing.';
