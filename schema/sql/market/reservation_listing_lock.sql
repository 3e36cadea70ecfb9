-- A step: locks a listing for a buyer who may have so many pieces of it. A listing that nobody
-- may see is unknown; one that was just sold out says so, because a buyer who comes second has
-- seen it a moment ago.
create or replace function market.reservation_listing_lock(
    p_actor bigint,
    p_listing bigint,
    p_quantity integer
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_own boolean;
    v_stock integer;
begin
    select
        market.listing_insider(p_actor, l.id),
        case when l.status = 'sold' then 0 else l.stock_quantity end
    into v_is_own, v_stock
    from market_data.listings as l
    where l.id = p_listing
        and l.status in ('published', 'reserved', 'sold')
        and l.expires_at > ops.clock_now()
        and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    for no key update of l;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'listing_unknown',
            message = 'there is no such listing';
    end if;
    if v_is_own then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'reservation_own_listing',
            message = 'nobody reserves a listing of their own or of their shop';
    end if;
    if v_stock < p_quantity then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'stock_insufficient',
            message = format('%s pieces are left', v_stock),
            detail = v_stock::text;
    end if;
end
$$;

comment on function market.reservation_listing_lock(bigint, bigint, integer) is
    'Step: locks a listing that this buyer may reserve so many pieces of. Raises: '
    'listing_unknown, reservation_own_listing, stock_insufficient.';
