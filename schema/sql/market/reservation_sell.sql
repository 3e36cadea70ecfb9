-- Guarantees: the pieces are sold; a listing with nothing left and nothing held is sold as well.
-- By the seller. Locks the listing, then the reservation. Idempotent by state.
create or replace function market.reservation_sell(p_actor bigint, p_reservation uuid)
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
declare
    v_side text;
begin
    select k.side into v_side from market.reservation_lock(p_actor, p_reservation) as k;
    if v_side <> 'seller' then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'reservation_seller_required',
            message = 'only the seller says that the pieces are sold';
    end if;
    perform market.reservation_close(p_actor, p_reservation, 'sold');

    return query
    select
        r.id, r.listing_id, r.quantity, r.currency, r.total_minor, r.state,
        r.created_at, r.closed_at
    from market_data.reservations as r
    where r.id = p_reservation;
end
$$;

comment on function market.reservation_sell(bigint, uuid) is
    'The seller says that the buyer took the pieces. Raises: actor_unknown, actor_blocked, '
    'reservation_unknown, reservation_of_deal, reservation_seller_required, reservation_closed.';

grant execute on function market.reservation_sell(bigint, uuid) to kardan_api, kardan_bot;
