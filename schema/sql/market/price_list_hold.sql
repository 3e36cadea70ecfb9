-- A step: locks the listings of these rows in ascending order, then their waiting checks. Refuses
-- rows whose listing is not any more what they were compared with, and tells how many.
create or replace function market.price_list_hold(p_shop bigint, p_rows integer[])
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    v_listings constant bigint[] := array(
        select r.listing_id
        from market_data.price_list_rows as r
        where r.shop_id = p_shop
            and r.row_number = any (p_rows)
            and r.listing_id is not null);
    v_count integer;
begin
    perform
    from market_data.listings as l
    where l.id = any (v_listings)
    order by l.id
    for no key update;
    perform
    from market_data.moderation_items as i
    where i.listing_id = any (v_listings)
        and i.closed_at is null
    order by i.id
    for no key update;

    update market_data.price_list_rows as r
    set outcome = 'refused', reason = 'version_stale', field = 'code'
    from market_data.listings as l
    where r.shop_id = p_shop
        and r.row_number = any (p_rows)
        and l.id = r.listing_id
        and l.version <> r.listing_version;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

comment on function market.price_list_hold(bigint, integer[]) is
    'Step: locks the listings of rows of a price list. Raises: nothing.';
