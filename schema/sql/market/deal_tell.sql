-- A step: tells the other side what a deal has come to, both when time did it, and announces it to
-- those who listen for either. The step's own time is the event's, so nothing is told twice. Locks
-- nothing.
create or replace function market.deal_tell(p_actor bigint, p_deal uuid)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deal record;
    v_kind text;
    v_key text;
    v_data jsonb;
begin
    select d.buyer_id, d.seller_user_id, d.seller_shop_id, d.state, d.changed_at, d.listing_id,
        d.title, d.quantity, d.currency, d.total_minor, d.reason
    into v_deal
    from market_data.deals as d
    where d.id = p_deal;
    v_kind := 'deal.' || v_deal.state;
    v_key := v_kind || ':' || p_deal;
    v_data := jsonb_build_object(
        'deal_id', p_deal, 'listing_id', v_deal.listing_id, 'shop_id', v_deal.seller_shop_id,
        'title', v_deal.title, 'quantity', v_deal.quantity, 'currency', v_deal.currency,
        'total_minor', v_deal.total_minor, 'state', v_deal.state, 'reason', v_deal.reason);

    -- Whoever stands on both sides and did it hears nothing.
    if p_actor is distinct from v_deal.buyer_id then
        perform notify.tell(
            array[v_deal.buyer_id], v_kind, v_key, v_deal.changed_at,
            v_data || jsonb_build_object('user_id', v_deal.seller_user_id));
    end if;
    if p_actor is null or p_actor = v_deal.buyer_id then
        perform notify.tell(
            array_remove(
                market.seller_people(v_deal.seller_user_id, v_deal.seller_shop_id),
                v_deal.buyer_id),
            v_kind, v_key, v_deal.changed_at,
            v_data || jsonb_build_object('user_id', v_deal.buyer_id));
    end if;
    perform notify.announce(
        v_kind, array[v_deal.buyer_id, v_deal.seller_user_id], v_deal.seller_shop_id,
        v_deal.changed_at, v_data);
end
$$;

comment on function market.deal_tell(bigint, uuid) is
    'Step: tells what a deal has come to; the actor is null when time did it. Raises: nothing.';
