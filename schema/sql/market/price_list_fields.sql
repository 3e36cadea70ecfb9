-- Guarantees: which fields of a listing a row of the price list changes, by their names in files.
-- What somebody looks at before it is shown stands first.
create or replace function market.price_list_fields(p_shop bigint, p_row integer)
returns text[]
language sql
stable
parallel safe
return (
    select array_remove(array[
        case when r.title <> l.title then 'title' end,
        case when r.description <> l.description then 'description' end,
        case when r.subcategory_id <> l.subcategory_id then 'category' end,
        case when r.brand_id is distinct from l.brand_id then 'brand' end,
        case when r.part_number <> l.part_number then 'part_number' end,
        case when r.condition <> l.condition then 'condition' end,
        case when r.code <> coalesce(l.code, '') then 'code' end,
        case when r.place_id <> l.place_id then 'place' end,
        case when r.contact_name <> l.contact_name then 'contact_name' end,
        case when r.contact_phone <> l.contact_phone then 'contact_phone' end,
        case when r.contact_telegram <> l.contact_telegram then 'contact_telegram' end,
        case when r.price_minor <> l.price_minor then 'price' end,
        case when r.wholesale_price_minor is distinct from l.wholesale_price_minor then
            'wholesale_price' end,
        case when r.wholesale_min_quantity is distinct from l.wholesale_min_quantity then
            'wholesale_quantity' end,
        case when r.stock_quantity <> l.stock_quantity then 'stock' end], null)
    from market_data.price_list_rows as r
    join market_data.listings as l on l.id = r.listing_id
    where r.shop_id = p_shop
        and r.row_number = p_row
);

comment on function market.price_list_fields(bigint, integer) is
    'Helper: the fields in which a row of a price list differs from its listing. Raises: nothing.';
