-- A step: refuses rows of which no listing can be made: what is missing, and what the table of
-- listings does not hold. Its constraints are the last word; here each row gets its own answer.
create or replace function market.price_list_judge_goods(
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
as $$
begin
    update market_data.price_list_rows as r
    set outcome = 'refused', field = f.field,
        reason = coalesce(f.reason, 'price_list_value_missing')
    from market_data.price_list_rows as o
    cross join lateral (
        select coalesce(bool_or(c.archived_at is not null), false) as is_closed
        from (values (o.category_id), (o.subcategory_id)) as w (id)
        cross join lateral catalog.category_get(w.id) as c
    ) as k
    cross join lateral (
        select w.field, w.reason
        from (
            values
                (1, o.title is null, 'title', null),
                (2, o.price_minor is null, 'price', null),
                (3, o.stock_quantity is null, 'stock', null),
                (4, o.subcategory_id is null, 'category', null),
                (5, o.condition is null, 'condition', null),
                (6, o.place_id is null, 'place', null),
                (7, char_length(o.title) not between 3 and 150, 'title', 'listing_title_length'),
                (8, char_length(o.description) > 8000, 'description',
                    'listing_description_length'),
                (9, char_length(o.part_number) > 64, 'part_number', 'listing_part_number_length'),
                (10, o.currency not in ('RUB', 'USD', 'EUR', 'KZT', 'BYN'), 'currency',
                    'listing_currency_known'),
                (11, o.price_minor not between 0 and 1000000000000, 'price',
                    'listing_price_range'),
                (12, num_nonnulls(o.wholesale_price_minor, o.wholesale_min_quantity) = 1,
                    'wholesale_price', 'listing_wholesale_whole'),
                (13, o.wholesale_price_minor not between 0 and o.price_minor, 'wholesale_price',
                    'listing_wholesale_not_above_price'),
                (14, o.wholesale_min_quantity not between 2 and 1000000, 'wholesale_quantity',
                    'listing_wholesale_quantity_range'),
                (15, o.stock_quantity not between 0 and 1000000, 'stock', 'listing_stock_range'),
                (16, char_length(o.contact_name) > 100, 'contact_name', 'listing_contact_length'),
                (17, char_length(o.contact_phone) > 32, 'contact_phone', 'listing_contact_length'),
                (18, char_length(o.contact_telegram) > 64, 'contact_telegram',
                    'listing_contact_length'),
                (19, o.listing_id is null and k.is_closed, 'category', 'listing_category_closed')
        ) as w (place, is_so, field, reason)
        where w.is_so
        order by w.place
        limit 1
    ) as f
    where o.shop_id = p_shop
        and o.row_number between p_first and p_last
        and o.outcome <> 'refused'
        and r.shop_id = o.shop_id
        and r.row_number = o.row_number;
end
$$;

comment on function market.price_list_judge_goods(bigint, integer, integer) is
    'Step: refuses rows of a price list of which no listing can be made. Raises: nothing.';
