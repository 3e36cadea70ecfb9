-- Guarantees: a request for pieces of a listing, its price and total frozen now with the wholesale
-- price from its threshold. Nothing is put aside before the seller confirms. One request a buyer
-- and listing waits at a time: the same again is that one. Locks: an advisory lock of the buyer, so
-- that two at one moment do not pass the limit together, then the listing.
create or replace function market.deal_request(
    p_actor bigint,
    p_listing bigint,
    p_quantity integer
)
returns table (
    deal_id uuid,
    listing_id bigint,
    title text,
    cover_key text,
    listing_status text,
    buyer_id bigint,
    buyer_name text,
    seller_user_id bigint,
    seller_shop_id bigint,
    seller_name text,
    quantity integer,
    currency text,
    unit_price_minor bigint,
    total_minor bigint,
    state text,
    reason text,
    due_at timestamptz,
    created_at timestamptz,
    changed_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
    v_quantity integer;
begin
    perform people.actor_require(p_actor, 'user');
    if (p_quantity between 1 and 1000000) is not true then
        raise exception using
            errcode = '23514',
            constraint = 'deal_quantity_range',
            message = 'ask for 1 to 1000000 pieces';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('kardan.deals:' || p_actor, 0));

    select d.id, d.quantity into v_id, v_quantity
    from market_data.deals as d
    where d.listing_id = p_listing
        and d.buyer_id = p_actor
        and d.state = 'requested';
    if not found then
        perform market.deal_room_require(p_actor);
        v_id := market.deal_create(p_actor, p_listing, p_quantity);
    elsif v_quantity <> p_quantity then
        raise exception using
            errcode = '23505',
            constraint = 'deal_requested_already',
            message = 'a request for another quantity of this listing waits: cancel it first';
    end if;

    return query
    select
        v.deal_id, v.listing_id, v.title, v.cover_key, v.listing_status, v.buyer_id,
        v.buyer_name, v.seller_user_id, v.seller_shop_id, v.seller_name, v.quantity,
        v.currency, v.unit_price_minor, v.total_minor, v.state, v.reason, v.due_at,
        v.created_at, v.changed_at
    from market.deal_inside as v
    where v.deal_id = v_id;
end
$$;

comment on function market.deal_request(bigint, bigint, integer) is
    'A buyer asks for pieces of a listing at the price of this moment; due_at is when the request '
    'ends by itself. Null: cover_key without photos, seller_user_id or seller_shop_id, reason. '
    'Raises: actor_unknown, actor_blocked, deal_quantity_range, deal_requested_already, '
    'deal_request_limit, listing_unknown, reservation_own_listing, stock_insufficient.';

grant execute on function market.deal_request(bigint, bigint, integer) to kardan_api, kardan_bot;
