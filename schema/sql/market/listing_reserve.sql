-- Guarantees: the pieces are the buyer's and have left the stock; of two buyers and one last
-- piece exactly one wins. The total is agreed now, with the wholesale price from its threshold.
-- Locks the listing. Not idempotent by itself: a second reservation of the same pieces is a wish
-- of its own, so the caller sends an idempotency key.
create or replace function market.listing_reserve(
    p_actor bigint,
    p_listing bigint,
    p_quantity integer
)
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
    v_id uuid;
begin
    perform people.actor_require(p_actor, 'user');
    if (p_quantity between 1 and 1000000) is not true then
        raise exception using
            errcode = '23514',
            constraint = 'reservation_quantity_range',
            message = 'reserve 1 to 1000000 pieces';
    end if;
    v_id := market.reservation_hold(p_actor, p_actor, p_listing, p_quantity, null, null);

    return query
    select
        r.id, r.listing_id, r.quantity, r.currency, r.total_minor, r.state,
        r.created_at, r.closed_at
    from market_data.reservations as r
    where r.id = v_id;
end
$$;

comment on function market.listing_reserve(bigint, bigint, integer) is
    'A buyer has pieces of a listing put aside at the price of this moment; closed_at is null. '
    'The last piece makes the listing reserved. Raises: actor_unknown, actor_blocked, '
    'reservation_quantity_range, listing_unknown, reservation_own_listing, stock_insufficient.';

grant execute on function market.listing_reserve(bigint, bigint, integer) to kardan_api, kardan_bot;
