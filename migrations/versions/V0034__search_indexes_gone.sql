-- Searches read search_entries now, and every change of a listing paid for these.
drop index market_data.listings_search_idx;
drop index market_data.listings_published_idx;
drop index market_data.listings_category_published_idx;
drop index market_data.listings_subcategory_published_idx;
drop index market_data.listings_brand_published_idx;
drop index market_data.listings_place_published_idx;
drop index market_data.listings_price_idx;
