-- A step: puts pieces of a listing aside for a buyer at this total: they leave the stock, and of
-- two buyers and one last piece exactly one wins. Locks the listing. Not idempotent by itself.
create or replace function market.reservation_hold(
    p_actor bigint,
    p_buyer bigint,
    p_listing bigint,
    p_quantity integer,
    p_currency text,
    p_total_minor bigint
)
returns uuid
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_id constant uuid := ops_data.uuid_v7(v_now);
begin
    perform market.reservation_listing_lock(p_buyer, p_listing, p_quantity);

    insert into market_data.reservations (
        id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
    select
        v_id, l.id, p_buyer, p_quantity, coalesce(p_currency, l.currency),
        coalesce(p_total_minor, market.listing_total(
            l.price_minor, l.wholesale_price_minor, l.wholesale_min_quantity, p_quantity)),
        v_now
    from market_data.listings as l
    where l.id = p_listing;

    perform market.reservation_stock_move(p_actor, p_listing, -p_quantity);
    return v_id;
end
$$;

comment on function market.reservation_hold(bigint, bigint, bigint, integer, text, bigint) is
    'Step: holds pieces for a buyer at the given total, null: at the price of this moment; tells '
    'the number of the reservation. Raises: listing_unknown, reservation_own_listing, '
    'stock_insufficient.';
