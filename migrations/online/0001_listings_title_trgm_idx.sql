-- index: market_data.listings_title_trgm_idx
create index concurrently if not exists listings_title_trgm_idx
    on market_data.listings using gin (lower(title) extensions.gin_trgm_ops)
    where status = 'published';
