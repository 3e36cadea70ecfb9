-- Guarantees: each field of a listing as it is and as a row of the price list would make it, as
-- files write it; long texts are cut.
create or replace function market.price_list_difference(p_shop bigint, p_row integer)
returns table (name text, change jsonb)
language sql
stable
parallel safe
begin atomic
    select d.name, jsonb_build_object('from', left(d.was, 200), 'to', left(d.will_be, 200))
    from market_data.price_list_rows as r
    join market_data.listings as l on l.id = r.listing_id
    cross join lateral (
        values
            ('title', l.title, r.title),
            ('description', l.description, r.description),
            ('category',
                (select c.slug from catalog.category_get(l.subcategory_id) as c),
                (select c.slug from catalog.category_get(r.subcategory_id) as c)),
            ('brand',
                (select b.name from catalog.brand_get(l.brand_id) as b),
                (select b.name from catalog.brand_get(r.brand_id) as b)),
            ('part_number', l.part_number, r.part_number),
            ('condition', l.condition, r.condition),
            ('code', l.code, r.code),
            ('place',
                (select p.slug from catalog.place_get(l.place_id) as p),
                (select p.slug from catalog.place_get(r.place_id) as p)),
            ('contact_name', l.contact_name, r.contact_name),
            ('contact_phone', l.contact_phone, r.contact_phone),
            ('contact_telegram', l.contact_telegram, r.contact_telegram),
            ('price', market.price_list_amount(l.price_minor),
                market.price_list_amount(r.price_minor)),
            ('wholesale_price', market.price_list_amount(l.wholesale_price_minor),
                market.price_list_amount(r.wholesale_price_minor)),
            ('wholesale_quantity', l.wholesale_min_quantity::text, r.wholesale_min_quantity::text),
            ('stock', l.stock_quantity::text, r.stock_quantity::text)
    ) as d (name, was, will_be)
    where r.shop_id = p_shop
        and r.row_number = p_row;
end;

comment on function market.price_list_difference(bigint, integer) is
    'Helper: fields of a listing before and after a row of a price list. Raises: nothing.';
