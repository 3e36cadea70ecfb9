-- A step: puts what waits for a moderator now into the queue, and makes the hints of what they have
-- to look at, as listing_queue does. The caller has locked the listings and moved them.
create or replace function market.price_list_queue(
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
begin
    insert into market_data.moderation_items (listing_id, kind, submitted_at, submitted_by)
    select r.listing_id, r.kind, ops.clock_now(), p_actor
    from market_data.price_list_rows as r
    where r.shop_id = p_shop
        and r.row_number = any (p_rows)
        and r.outcome in ('new', 'changed')
        and r.needs_check
        and r.from_status is distinct from 'pending'
    order by r.row_number;

    perform market.moderation_hints_make(r.listing_id)
    from market_data.price_list_rows as r
    where r.shop_id = p_shop
        and r.row_number = any (p_rows)
        and r.outcome in ('new', 'changed')
        and r.needs_check
    order by r.row_number;
end
$$;

comment on function market.price_list_queue(bigint, bigint, integer[]) is
    'Step: rows of a price list that a moderator has to look at are in the queue. Raises: nothing.';
