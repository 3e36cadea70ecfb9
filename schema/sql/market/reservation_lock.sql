-- A step: the guard of whatever is done to a reservation. What a deal put aside moves with the deal
-- and not by itself. Locks its listing, then the reservation. Tells on which side the person
-- stands; a seller who once was the buyer stands on the seller's.
create or replace function market.reservation_lock(p_actor bigint, p_reservation uuid)
returns table (
    listing_id bigint,
    quantity integer,
    state text,
    side text
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_seller boolean;
begin
    perform people.actor_require(p_actor, 'user');

    select market.listing_insider(p_actor, l.id)
    into v_is_seller
    from market_data.listings as l
    where l.id = (select r.listing_id from market_data.reservations as r where r.id = p_reservation)
    for no key update;

    return query
    select
        r.listing_id, r.quantity, r.state,
        case when v_is_seller then 'seller' else 'buyer' end
    from market_data.reservations as r
    where r.id = p_reservation
        and (v_is_seller or r.buyer_id = p_actor)
    for no key update;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'reservation_unknown',
            message = 'there is no such reservation';
    end if;
    if exists (select from market_data.deals as d where d.reservation_id = p_reservation) then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'reservation_of_deal',
            message = 'these pieces belong to a deal: complete or cancel the deal';
    end if;
end
$$;

comment on function market.reservation_lock(bigint, uuid) is
    'Step: locks the listing of a reservation, then the reservation, for its buyer or its seller; '
    'side is buyer or seller. Raises: actor_unknown, actor_blocked, reservation_unknown, '
    'reservation_of_deal.';
