-- Guarantees: after how many days a listing of the pair of categories expires: as its subcategory
-- says, else its category, else the setting. Locks nothing.
create or replace function market.listing_lifetime(p_category bigint, p_subcategory bigint)
returns integer
language sql
stable
parallel safe
return coalesce(
    (select t.days from market_data.listing_lifetimes as t where t.category_id = p_subcategory),
    (select t.days from market_data.listing_lifetimes as t where t.category_id = p_category),
    greatest(1, ops.setting_integer('listing.lifetime_days', 60)));

comment on function market.listing_lifetime(bigint, bigint) is
    'Helper: days until a listing of a category and subcategory expires. Raises: nothing.';
