-- Guarantees: the shop's goods with a code that are for sale, or wait to be, and that no row of the
-- upload is about. A refused row still names its good. What has no code is not the upload's affair.
create or replace function market.price_list_missing(p_shop bigint)
returns table (listing_id bigint, status text, is_held boolean)
language sql
stable
parallel safe
begin atomic
    select l.id, l.status, market.listing_held(l.id)
    from market_data.listings as l
    where l.owner_shop_id = p_shop
        and l.code is not null
        and l.status in ('pending', 'published', 'reserved')
        and not exists (
            select
            from market_data.price_list_rows as r
            where r.shop_id = p_shop
                and r.listing_id = l.id);
end;

comment on function market.price_list_missing(bigint) is
    'Helper: goods of a shop that its price list does not name. Raises: nothing.';
