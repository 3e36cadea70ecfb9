-- A step: first what listings say, of those where that changes, then prices, stock and state, so
-- that a change of prices leaves everything else of a row alone. The triggers of listings record
-- moves and prices, and refuse an illegal move. The caller has locked the listings.
-- Goes to each row by its number, whatever is known of the size of a table that is empty but for
-- this transaction.
create or replace function market.price_list_write(
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
    v_traded constant text[] := array['price', 'wholesale_price', 'wholesale_quantity', 'stock'];
begin
    update market_data.listings as l
    set title = r.title, description = r.description, category_id = r.category_id,
        subcategory_id = r.subcategory_id, brand_id = r.brand_id,
        brand_label = case when l.brand_id is distinct from r.brand_id then coalesce(b.name, '')
            else l.brand_label end,
        part_number = r.part_number, condition = r.condition, place_id = r.place_id,
        code = r.code, contact_name = r.contact_name, contact_phone = r.contact_phone,
        contact_telegram = r.contact_telegram, changed_by = p_actor, updated_at = v_now
    from market_data.price_list_rows as r
    left join lateral catalog.brand_get(r.brand_id) as b on true
    where r.shop_id = p_shop
        and r.row_number = any (p_rows)
        and r.outcome = 'changed'
        and not r.changes <@ v_traded
        and l.id = r.listing_id;

    update market_data.listings as l
    set price_minor = r.price_minor, wholesale_price_minor = r.wholesale_price_minor,
        wholesale_min_quantity = r.wholesale_min_quantity, stock_quantity = r.stock_quantity,
        status = r.to_status, changed_by = p_actor, updated_at = v_now,
        rejection_reason = case when r.to_status not in ('draft', 'pending') then
            l.rejection_reason end,
        rejection_note = case when r.to_status not in ('draft', 'pending') then
            l.rejection_note end
    from market_data.price_list_rows as r
    where r.shop_id = p_shop
        and r.row_number = any (p_rows)
        and r.outcome in ('new', 'changed')
        and (r.changes && v_traded or r.to_status <> coalesce(r.from_status, 'draft'))
        and l.id = r.listing_id;
end
$$;

comment on function market.price_list_write(bigint, bigint, integer[]) is
    'Step: writes rows of a price list into their listings. Raises: listing_code_taken.';
