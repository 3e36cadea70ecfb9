-- Guarantees: the pieces are back in the stock, once; a listing that was reserved is published
-- again. By the buyer or the seller. Locks the listing, then the reservation. Idempotent by
-- state.
create or replace function market.reservation_release(p_actor bigint, p_reservation uuid)
returns table (
    reservation_id uuid,
    listing_id bigint,
    quantity integer,
    currency text,
    total_minor bigint,
    state text,
    created_at timestamptz,
    closed_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.reservation_lock(p_actor, p_reservation);
    perform market.reservation_close(p_actor, p_reservation, 'released');

    return query
    select
        r.id, r.listing_id, r.quantity, r.currency, r.total_minor, r.state,
        r.created_at, r.closed_at
    from market_data.reservations as r
    where r.id = p_reservation;
end
$$;

comment on function market.reservation_release(bigint, uuid) is
    'The buyer or the seller gives the pieces back. Raises: actor_unknown, actor_blocked, '
    'reservation_unknown, reservation_of_deal, reservation_closed, listing_stock_range.';

grant execute on function market.reservation_release(bigint, uuid) to kardan_api, kardan_bot;
