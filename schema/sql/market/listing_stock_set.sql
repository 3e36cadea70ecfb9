-- Guarantees: as many pieces are for sale as asked, and the state follows: the last piece gone, a
-- published listing is sold, or reserved while pieces are held for buyers; pieces again, a reserved
-- one is published. Locks the membership, then the listing. Idempotent by state: asking for what
-- already is changes nothing, whatever version is given.
create or replace function market.listing_stock_set(
    p_actor bigint,
    p_listing bigint,
    p_version integer,
    p_stock_quantity integer
)
returns table (listing_id bigint, status text, version integer, stock_quantity integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text;
    v_version integer;
    v_stock integer;
begin
    select e.status, e.version
    into v_status, v_version
    from market.listing_editor_require(p_actor, p_listing) as e;
    select l.stock_quantity into v_stock from market_data.listings as l where l.id = p_listing;

    if v_stock is distinct from p_stock_quantity then
        perform market.listing_live_require(v_status);
        perform market.listing_version_require(p_version, v_version);
        if p_stock_quantity = 0 and v_status = 'pending' then
            raise exception using
                errcode = 'ZINVL', constraint = 'listing_stock_required',
                message = 'there would be nothing to publish: withdraw the listing instead';
        end if;
        update market_data.listings as l
        set stock_quantity = p_stock_quantity, changed_by = p_actor, updated_at = ops.clock_now()
        where l.id = p_listing;
        if p_stock_quantity = 0 and v_status = 'published' then
            perform market.listing_move(
                p_actor, p_listing,
                case when market.listing_held(p_listing) then 'reserved' else 'sold' end);
        elsif p_stock_quantity > 0 and v_status = 'reserved' then
            perform market.listing_move(p_actor, p_listing, 'released');
        end if;
    end if;

    return query
    select l.id, l.status, l.version, l.stock_quantity
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_stock_set(bigint, bigint, integer, integer) is
    'The owner or a member of the shop says how many pieces are for sale, those held for buyers '
    'not counted. Raises: actor_unknown, actor_blocked, listing_unknown, listing_not_yours, '
    'listing_not_editable, version_stale, listing_stock_required, listing_stock_range.';

grant execute on function market.listing_stock_set(bigint, bigint, integer, integer)
    to kardan_api, kardan_bot;
