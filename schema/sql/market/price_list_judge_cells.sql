-- A step: refuses rows of which a cell cannot be understood, with the first offence of each. A code
-- stands once in a file: the first row with it counts. The table is read by its indexes whatever is
-- known of its size: it is empty but for this transaction.
create or replace function market.price_list_judge_cells(
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
    set outcome = 'refused', field = f.field, reason = f.reason, detail = left(f.detail, 100)
    from market_data.price_list_rows as o
    cross join lateral (
        select case when o.code <> '' then (
            select min(e.row_number)
            from market_data.price_list_rows as e
            where e.shop_id = o.shop_id
                and e.code = o.code
        ) end as by_code, case when o.listing_id is not null then (
            select min(e.row_number)
            from market_data.price_list_rows as e
            where e.shop_id = o.shop_id
                and e.listing_id = o.listing_id
        ) end as by_listing
    ) as e
    cross join lateral (
        select w.field, w.reason, w.detail
        from (
            values
                (1, o.code = '' and o.listing_id is null, 'code', 'price_list_code_missing', null),
                (2, char_length(o.code) > 64, 'code', 'listing_code_length', null),
                (3, least(e.by_code, e.by_listing) < o.row_number, 'code',
                    'price_list_code_twice', least(e.by_code, e.by_listing)::text),
                (4, o.listing_id is null and o.cells ->> 'listing_id' <> '', 'listing_id',
                    'listing_unknown', o.cells ->> 'listing_id'),
                (5, o.listing_id is null and not o.cells ?| array['title', 'category'], 'code',
                    'price_list_code_unknown', o.code),
                (6, o.price_minor is null, 'price', 'price_list_number', o.cells ->> 'price'),
                (7, o.wholesale_price_minor is null, 'wholesale_price', 'price_list_number',
                    o.cells ->> 'wholesale_price'),
                (8, o.wholesale_min_quantity is null, 'wholesale_quantity', 'price_list_number',
                    o.cells ->> 'wholesale_quantity'),
                (9, o.stock_quantity is null, 'stock', 'price_list_number', o.cells ->> 'stock'),
                (10, o.subcategory_id is null, 'category', 'price_list_category_unknown',
                    o.cells ->> 'category'),
                (11, o.brand_id is null, 'brand', 'price_list_brand_unknown', o.cells ->> 'brand'),
                (12, o.condition is null, 'condition', 'listing_condition_known',
                    o.cells ->> 'condition'),
                (13, o.place_id is null, 'place', 'price_list_place_unknown', o.cells ->> 'place')
        ) as w (place, is_so, field, reason, detail)
        where w.is_so
            and (w.place <= 5 or btrim(w.detail) <> '')
        order by w.place
        limit 1
    ) as f
    where o.shop_id = p_shop
        and o.row_number between p_first and p_last
        and r.shop_id = o.shop_id
        and r.row_number = o.row_number;
end
$$;

comment on function market.price_list_judge_cells(bigint, integer, integer) is
    'Step: refuses rows of a price list whose cells nobody understands. Raises: nothing.';
