-- Gives the listings of a filled database photos, three each: for measurements of what looks alike.
--
--     psql -v n=300000 -f bench/fill_photos.sql DATABASE
--
-- Run it as a superuser after fill_listings.sql. Nine of ten pictures are like no other; the tenth is one of a thousand
-- that many listings show (a maker's own picture), with up to three bits changed as another size or compression does.

\set ON_ERROR_STOP on

set session_replication_role = replica;
set jit = off;

insert into market_data.listing_photos (
    id, listing_id, position, storage_key, content_type, width, height, size_bytes, created_at, perceptual_hash)
select
    gen_random_uuid(), l.id, p.position,
    'photos/' || left(h.digits, 2) || '/' || h.digits, 'image/webp', 1280, 960, 120000, l.created_at,
    case
        when h.number % 10 > 0 then hashtextextended(h.digits, 1)
        else hashtextextended('maker' || (h.number / 10) % 1000, 2)
            # (1::bigint << (h.number % 61)::integer)
            # (1::bigint << (h.number % 53)::integer)
            # (1::bigint << (h.number % 47)::integer)
    end
from (
    select k.id, k.created_at, row_number() over (order by k.id) as place
    from market_data.listings as k
    limit :n / 3
) as l
cross join generate_series(1, 3) as p (position)
cross join lateral (
    select
        3 * l.place + p.position as number,
        encode(sha256(convert_to(l.id || '-' || p.position, 'UTF8')), 'hex') as digits
) as h;

vacuum analyze market_data.listing_photos;
