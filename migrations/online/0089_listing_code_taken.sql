-- index: market_data.listing_code_taken
create unique index concurrently if not exists listing_code_taken
    on market_data.listings (owner_shop_id, code)
    where code is not null;
