-- A step: makes drafts of what is new, as listing_create does, and notes their numbers in the rows.
create or replace function market.price_list_create(
    p_actor bigint,
    p_shop bigint,
    p_rows integer[]
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
declare
    v_now constant timestamptz := ops.clock_now();
begin
    with made as (
        insert into market_data.listings as l (
            kind, owner_shop_id, code, created_by, changed_by, title, description, category_id,
            subcategory_id, brand_id, brand_label, part_number, condition, place_id, currency,
            price_minor, wholesale_price_minor, wholesale_min_quantity, stock_quantity,
            contact_name, contact_phone, contact_telegram, created_at, updated_at)
        select
            r.kind, p_shop, r.code, p_actor, p_actor, r.title, r.description, r.category_id,
            r.subcategory_id, r.brand_id, coalesce(b.name, ''), r.part_number, r.condition,
            r.place_id, r.currency, r.price_minor, r.wholesale_price_minor,
            r.wholesale_min_quantity, r.stock_quantity, r.contact_name, r.contact_phone,
            r.contact_telegram, v_now, v_now
        from market_data.price_list_rows as r
        left join lateral catalog.brand_get(r.brand_id) as b on true
        where r.shop_id = p_shop
            and r.row_number = any (p_rows)
            and r.outcome = 'new'
        order by r.row_number
        returning l.id, l.code
    )
    update market_data.price_list_rows as r
    set listing_id = m.id
    from made as m
    where r.shop_id = p_shop
        and r.row_number = any (p_rows)
        and r.outcome = 'new'
        and r.code = m.code;
end
$$;

comment on function market.price_list_create(bigint, bigint, integer[]) is
    'Step: makes listings of what is new in a price list. Raises: listing_code_taken.';
