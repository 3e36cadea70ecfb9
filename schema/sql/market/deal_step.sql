-- A step: a person takes a deal to this state; whether that side may is what
-- market_data.deal_moves says. Locks as market.deal_lock does. Idempotent by state: a deal that is
-- there already stays as it is.
create or replace function market.deal_step(
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
    v_deal record;
begin
    select k.state, k.sides, k.buyer_id, k.due_at into v_deal
    from market.deal_lock(p_actor, p_deal) as k;

    if not exists (
        select
        from market_data.deal_moves as m
        where m.to_state = p_state
            and m.sides && v_deal.sides
    ) then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'deal_side_required',
            message = format('the other side of a deal says that it is %s', p_state);
    end if;
    if v_deal.state = p_state then
        return;
    end if;
    if p_state = 'confirmed' and v_deal.state = 'requested' then
        if v_deal.due_at <= ops.clock_now() then
            raise exception using
                errcode = 'ZCONF',
                constraint = 'deal_answer_late',
                message = 'the request was not answered in time';
        end if;
        if exists (select from people.blocked as b where b.user_id = v_deal.buyer_id) then
            raise exception using
                errcode = 'ZCONF',
                constraint = 'deal_buyer_blocked',
                message = 'the buyer is blocked';
        end if;
    end if;

    perform market.deal_move(p_actor, p_deal, p_state, p_reason);
end
$$;

comment on function market.deal_step(bigint, uuid, text, text) is
    'Step: a person takes a deal to a state. Raises: actor_unknown, actor_blocked, deal_unknown, '
    'deal_side_required, deal_answer_late, deal_buyer_blocked, deal_move_illegal, '
    'deal_reason_length, listing_unknown, reservation_own_listing, stock_insufficient, '
    'listing_stock_range.';
