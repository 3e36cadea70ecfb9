-- A step: takes a deal to this state, its pieces with it, and tells it. A confirmed deal has its
-- pieces put aside, a completed one has them sold, a cancelled one gives them back. The trigger on
-- deals is the last word on what is legal, and records the step. The actor is null when time does
-- it. The caller has locked the listing and the deal.
create or replace function market.deal_move(
    p_actor bigint,
    p_deal uuid,
    p_state text,
    p_reason text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_deal record;
    v_reservation uuid;
begin
    select d.state, d.listing_id, d.buyer_id, d.quantity, d.currency, d.total_minor,
        d.reservation_id
    into v_deal
    from market_data.deals as d
    where d.id = p_deal;

    v_reservation := v_deal.reservation_id;
    if p_state = 'confirmed' and v_deal.state = 'requested' then
        v_reservation := market.reservation_hold(
            p_actor, v_deal.buyer_id, v_deal.listing_id, v_deal.quantity, v_deal.currency,
            v_deal.total_minor);
    end if;

    update market_data.deals as d
    set state = p_state,
        reservation_id = v_reservation,
        reason = p_reason,
        due_at = case when p_state = 'handed_over' then v_now + make_interval(
            days => greatest(1, least(3650, ops.setting_integer('deals.complete_days', 14)))) end,
        changed_at = v_now,
        changed_by = p_actor
    where d.id = p_deal;

    if p_state in ('completed', 'cancelled') and v_reservation is not null then
        perform market.reservation_close(
            p_actor, v_reservation, case p_state when 'completed' then 'sold' else 'released' end);
    end if;
    perform market.deal_tell(p_actor, p_deal);
end
$$;

comment on function market.deal_move(bigint, uuid, text, text) is
    'Step: moves a locked deal and its pieces. Raises: deal_move_illegal, deal_reason_length, '
    'listing_unknown, reservation_own_listing, stock_insufficient, listing_stock_range.';
