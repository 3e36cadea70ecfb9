-- A step: refuses changes that the state of a listing does not allow: what listing_update,
-- listing_price_set and listing_stock_set would refuse.
create or replace function market.price_list_judge_change(
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
declare
    v_said constant text[] := array[
        'title', 'description', 'category', 'brand', 'part_number', 'condition', 'place',
        'contact_name', 'contact_phone', 'contact_telegram'];
begin
    update market_data.price_list_rows as r
    set outcome = 'refused', field = f.field, reason = f.reason, detail = f.detail
    from market_data.price_list_rows as o
    join market_data.listings as l on l.id = o.listing_id
    cross join lateral (
        select w.field, w.reason, w.detail
        from (
            values
                (1, o.currency <> l.currency, 'currency', 'price_list_currency_fixed', l.currency),
                (2, o.kind <> l.kind, 'category', 'listing_category_of_kind', l.kind),
                (3, l.status = 'reserved' and o.changes && v_said, o.changes[1],
                    'listing_not_editable', l.status),
                (4, l.status = 'pending' and o.stock_quantity = 0, 'stock',
                    'listing_stock_required', null),
                (5, l.status in ('pending', 'published') and o.changes && v_said
                    and o.contact_phone = '' and o.contact_telegram = '', 'contact_phone',
                    'listing_contact_required', null),
                (6, l.status = 'pending' and o.changes && v_said and exists (
                        select
                        from market_data.moderation_items as i
                        where i.listing_id = l.id
                            and i.closed_at is null
                            and i.claimed_until > ops.clock_now()),
                    o.changes[1], 'listing_under_review', null)
        ) as w (place, is_so, field, reason, detail)
        where w.is_so
        order by w.place
        limit 1
    ) as f
    where o.shop_id = p_shop
        and o.row_number between p_first and p_last
        and o.outcome = 'changed'
        and r.shop_id = o.shop_id
        and r.row_number = o.row_number;
end
$$;

comment on function market.price_list_judge_change(bigint, integer, integer) is
    'Step: refuses rows of a price list that change what may not be changed now. Raises: nothing.';
