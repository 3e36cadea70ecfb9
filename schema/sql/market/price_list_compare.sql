-- A step: what becomes of each row: something new, a change with the names of its fields, or
-- nothing; and where it leads the listing. What is sold or put away stays so while the file has no
-- pieces of it, and is a draft again when it has. A published listing whose last piece is gone is
-- sold, or reserved while buyers have pieces held, and is not changed otherwise; one with another
-- text goes back to the moderators.
create or replace function market.price_list_compare(
    p_shop bigint,
    p_first integer,
    p_last integer,
    p_submit boolean
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
    v_text constant text[] := array[
        'title', 'description', 'category', 'brand', 'part_number', 'condition'];
begin
    update market_data.price_list_rows as r
    set outcome = case
            when o.listing_id is null then 'new'
            when s.sleeps then 'left'
            when f.changes = '{}' and t.to_status = o.from_status then 'unchanged'
            else 'changed'
        end,
        changes = f.changes,
        to_status = t.to_status,
        needs_check = t.to_status = 'pending' and (
            o.from_status is distinct from 'pending' or f.changes && (v_text || array['price']))
    from market_data.price_list_rows as o
    cross join lateral (
        select
            o.from_status in ('sold', 'archived')
                and (o.cells ? 'stock' and o.stock_quantity > 0) is not true as sleeps,
            o.from_status = 'published' and o.stock_quantity = 0 as sells_out,
            coalesce(market.price_list_fields(o.shop_id, o.row_number), '{}') as fields
        -- Once a row, however often it is asked for below.
        offset 0
    ) as s
    cross join lateral (
        select case
            when s.sleeps then '{}'
            when s.sells_out then array(
                select w.name from unnest(s.fields) as w (name) where w.name <> all (v_text))
            else s.fields
        end as changes
    ) as f
    cross join lateral (
        select case
            when s.sleeps then o.from_status
            when s.sells_out then
                case when market.listing_held(o.listing_id) then 'reserved' else 'sold' end
            when o.from_status = 'published' and f.changes && v_text then 'pending'
            when o.from_status = 'reserved' and o.stock_quantity > 0 then 'published'
            when o.from_status in ('pending', 'published', 'reserved') then o.from_status
            when o.from_status = 'rejected' and (f.changes = '{}' or not p_submit) then 'rejected'
            when p_submit then 'pending'
            else 'draft'
        end as to_status
    ) as t
    where o.shop_id = p_shop
        and o.row_number between p_first and p_last
        and o.outcome <> 'refused'
        and r.shop_id = o.shop_id
        and r.row_number = o.row_number;
end
$$;

comment on function market.price_list_compare(bigint, integer, integer, boolean) is
    'Step: compares rows of a price list with their listings. Raises: nothing.';
