-- A step: the one place where stock and status follow each other. Adds pieces to the stock (or
-- takes them, or none), then a listing that is seen by everybody becomes what its stock says:
-- something left: published; nothing left but pieces held for buyers: reserved; nothing at all:
-- sold. The caller holds the listing's lock and has written the reservation.
create or replace function market.reservation_stock_move(
    p_actor bigint,
    p_listing bigint,
    p_pieces integer
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_stock integer;
    v_status text;
    v_next text;
begin
    select l.stock_quantity + p_pieces, l.status
    into v_stock, v_status
    from market_data.listings as l
    where l.id = p_listing;

    v_next := case
        when v_status not in ('published', 'reserved') then v_status
        when v_stock > 0 then 'published'
        when market.listing_held(p_listing) then 'reserved'
        else 'sold'
    end;

    update market_data.listings as l
    set stock_quantity = v_stock, status = v_next, changed_by = p_actor, updated_at = v_now
    where l.id = p_listing
        and (l.stock_quantity, l.status) is distinct from (v_stock, v_next);
end
$$;

comment on function market.reservation_stock_move(bigint, bigint, integer) is
    'Step: moves pieces into a listing''s stock (negative: out of it) and the listing on to what '
    'that makes of it. Raises: listing_stock_range, listing_move_illegal.';
