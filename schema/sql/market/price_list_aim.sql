-- A step: what each listing will be when its row is taken over. What a row does not say stays as it
-- is; an empty cell takes away what a listing may be without: description, brand, part number,
-- wholesale price, contacts. The file counts what is on the shelf: pieces held for buyers are on it
-- and cannot be sold.
-- Goes to each row by its number, whatever is known of the size of a table that is empty but for
-- this transaction.
create or replace function market.price_list_aim(
    p_shop bigint,
    p_first integer,
    p_last integer
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    update market_data.price_list_rows as r
    set listing_version = l.version,
        from_status = l.status,
        code = coalesce(nullif(o.code, ''), l.code, ''),
        title = coalesce(o.title, l.title),
        description = coalesce(o.description, l.description, ''),
        (kind, category_id, subcategory_id) = row(
            coalesce(c.kind, l.kind), coalesce(c.parent_id, l.category_id),
            coalesce(c.id, l.subcategory_id)),
        brand_id = case when o.cells ? 'brand' then o.brand_id else l.brand_id end,
        part_number = coalesce(o.part_number, l.part_number, ''),
        condition = coalesce(o.condition, l.condition),
        place_id = coalesce(o.place_id, l.place_id, s.place_id),
        currency = coalesce(o.currency, l.currency, 'RUB'),
        price_minor = coalesce(o.price_minor, l.price_minor),
        (wholesale_price_minor, wholesale_min_quantity) = row(
            case when o.cells ? 'wholesale_price' then o.wholesale_price_minor
                else l.wholesale_price_minor end,
            case when o.cells ? 'wholesale_quantity' then o.wholesale_min_quantity
                else l.wholesale_min_quantity end),
        stock_quantity = coalesce(
            case
                when o.stock_quantity > 0 then
                    greatest(o.stock_quantity - market.listing_held_count(o.listing_id), 0)
                else o.stock_quantity
            end,
            l.stock_quantity),
        contact_name = coalesce(o.contact_name, l.contact_name, ''),
        contact_phone = coalesce(o.contact_phone, l.contact_phone, ''),
        contact_telegram = coalesce(o.contact_telegram, l.contact_telegram, '')
    from market_data.price_list_rows as o
    join market_data.shops as s on s.id = o.shop_id
    left join market_data.listings as l on l.id = o.listing_id
    left join lateral catalog.category_get(o.subcategory_id) as c on true
    where o.shop_id = p_shop
        and o.row_number between p_first and p_last
        and r.shop_id = o.shop_id
        and r.row_number = o.row_number;
end
$$;

comment on function market.price_list_aim(bigint, integer, integer) is
    'Step: turns rows of a price list into what their listings will be. Raises: nothing.';
