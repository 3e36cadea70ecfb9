-- index: market_data.listings_attributes_idx
create index concurrently if not exists listings_attributes_idx
    on market_data.listings using gin (attributes jsonb_path_ops)
    where status = 'published';
