-- A step: a buyer's request for pieces of a listing, at the price of this moment; nothing is put
-- aside yet. Locks the listing, so that price and pieces are those of one moment.
create or replace function market.deal_create(
    p_actor bigint,
    p_listing bigint,
    p_quantity integer
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
    perform market.reservation_listing_lock(p_actor, p_listing, p_quantity);

    insert into market_data.deals (
        id, listing_id, buyer_id, seller_user_id, seller_shop_id, title, quantity, currency,
        unit_price_minor, total_minor, due_at, created_at, changed_at, changed_by)
    select
        v_id, l.id, p_actor, l.owner_user_id, l.owner_shop_id, l.title, p_quantity, l.currency,
        t.total_minor / p_quantity, t.total_minor,
        v_now + make_interval(
            hours => greatest(1, least(8760, ops.setting_integer('deals.answer_hours', 72)))),
        v_now, v_now, p_actor
    from market_data.listings as l
    cross join lateral (
        select market.listing_total(
            l.price_minor, l.wholesale_price_minor, l.wholesale_min_quantity, p_quantity)
    ) as t (total_minor)
    where l.id = p_listing;

    perform market.deal_tell(p_actor, v_id);
    return v_id;
end
$$;

comment on function market.deal_create(bigint, bigint, integer) is
    'Step: a new deal and its number. Raises: listing_unknown, reservation_own_listing, '
    'stock_insufficient.';
