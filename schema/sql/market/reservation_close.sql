-- A step: ends a held reservation, once. The caller holds the locks of market.reservation_lock.
-- A reservation that has ended in this way already stays as it is; one that ended in the other
-- way is a conflict.
create or replace function market.reservation_close(
    p_actor bigint,
    p_reservation uuid,
    p_state text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listing bigint;
    v_quantity integer;
    v_state text;
begin
    select r.listing_id, r.quantity, r.state
    into v_listing, v_quantity, v_state
    from market_data.reservations as r
    where r.id = p_reservation;

    if v_state = p_state then
        return;
    end if;
    if v_state <> 'held' then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'reservation_closed',
            message = format('the reservation was %s already', v_state),
            detail = v_state;
    end if;

    update market_data.reservations as r
    set state = p_state, closed_at = ops.clock_now(), closed_by = p_actor
    where r.id = p_reservation;

    perform market.reservation_stock_move(
        p_actor, v_listing, case when p_state = 'released' then v_quantity else 0 end);
end
$$;

comment on function market.reservation_close(bigint, uuid, text) is
    'Step: a held reservation becomes released (its pieces go back) or sold (they are gone). '
    'Raises: reservation_closed, listing_stock_range.';
