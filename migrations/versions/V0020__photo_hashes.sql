-- Pictures that look alike: 64 bits that say what a photo looks like, and an index that finds those
-- that differ in few of them.

create function market_data.photo_hash_bands(p_hash bigint)
returns integer[]
language sql
immutable
strict
parallel safe
return array[
    ((p_hash >> 48) & 65535)::integer,
    ((p_hash >> 32) & 65535)::integer + 65536,
    ((p_hash >> 16) & 65535)::integer + 131072,
    (p_hash & 65535)::integer + 196608];

comment on function market_data.photo_hash_bands(bigint) is
    'The four quarters of a hash, each with its place. Of two hashes that differ in at most 7 '
    'bits, one quarter differs in at most 1: whoever looks for a quarter and its 16 neighbours '
    'finds both.';

alter table market_data.listing_photos
    add column perceptual_hash bigint;

comment on column market_data.listing_photos.perceptual_hash is
    'What the photo looks like: 64 bits of its coarse shapes. Null: too plain to be compared.';
comment on column market_data.listing_photos.storage_key is
    'What the names of its files in the store begin with; made from their content.';
comment on column market_data.listing_photos.width is 'Pixels of the widest file.';
comment on column market_data.listing_photos.height is 'Pixels of the widest file.';
comment on column market_data.listing_photos.size_bytes is 'Bytes of the widest file.';

-- No photo has a hash yet, so this reads nothing and need not be built beside the traffic.
create index listing_photos_hash_idx
    on market_data.listing_photos
    using gin (market_data.photo_hash_bands(perceptual_hash))
    where perceptual_hash is not null;
