-- A step: what listing_ready_require asks before others see a listing, row by row. Something new
-- or a draft stays a draft and is told why; of what waits already or is published the change is
-- refused.
create or replace function market.price_list_judge_ready(
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
    set field = f.field, reason = f.reason, needs_check = false,
        to_status = case
            when o.from_status in ('pending', 'published', 'rejected') then o.from_status
            else 'draft'
        end,
        outcome = case
            when o.from_status in ('pending', 'published', 'rejected') then 'refused'
            when o.from_status = 'draft' and o.changes = '{}' then 'unchanged'
            else o.outcome
        end
    from market_data.price_list_rows as o
    left join market_data.listings as l on l.id = o.listing_id
    cross join lateral (
        select w.field, w.reason
        from (
            select 1, 'contact_phone', 'listing_contact_required'
            where o.contact_phone = '' and o.contact_telegram = ''
            union all
            select 2, 'stock', 'listing_stock_required'
            where o.stock_quantity = 0
            union all
            select 3, 'category', 'listing_category_closed'
            from (values (o.category_id), (o.subcategory_id)) as k (id)
            cross join lateral catalog.category_get(k.id) as c
            where c.archived_at is not null
            union all
            select 4, a.key, a.reason
            from catalog.attributes_faults(
                o.kind, o.subcategory_id, coalesce(l.attributes, '{}')) as a
        ) as w (place, field, reason)
        order by w.place
        limit 1
    ) as f
    where o.shop_id = p_shop
        and o.row_number between p_first and p_last
        and o.outcome in ('new', 'changed')
        and o.needs_check
        and r.shop_id = o.shop_id
        and r.row_number = o.row_number;
end
$$;

comment on function market.price_list_judge_ready(bigint, integer, integer) is
    'Step: refuses or keeps among the drafts what is not ready to be seen. Raises: nothing.';
