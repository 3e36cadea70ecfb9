-- Files of the store that no photo names any more are found by their key; whose turn it is to look
-- for them is one row.

create index listing_photos_storage_key_idx on market_data.listing_photos (storage_key);

create table market_data.photo_sweeps (
    is_only boolean primary key default true,
    started_at timestamptz not null,
    constraint photo_sweep_is_only check (is_only)
);

comment on table market_data.photo_sweeps is
    'When a server last began to look for files without a photo: one row, so that of many servers '
    'one does.';
