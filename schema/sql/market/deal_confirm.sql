-- Guarantees: the pieces are put aside for the buyer at the price of the request; of two requests
-- for the last piece one is confirmed. By the seller. Locks the membership in the shop, the
-- listing, then the deal. Idempotent by state.
create or replace function market.deal_confirm(p_actor bigint, p_deal uuid)
returns table (
    deal_id uuid,
    listing_id bigint,
    state text,
    due_at timestamptz,
    changed_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.deal_step(p_actor, p_deal, 'confirmed', null);

    return query
    select d.id, d.listing_id, d.state, d.due_at, d.changed_at
    from market_data.deals as d
    where d.id = p_deal;
end
$$;

comment on function market.deal_confirm(bigint, uuid) is
    'The seller accepts a request. due_at is null. Raises: actor_unknown, actor_blocked, '
    'deal_unknown, deal_side_required, deal_answer_late, deal_buyer_blocked, deal_move_illegal, '
    'listing_unknown, reservation_own_listing, stock_insufficient.';

grant execute on function market.deal_confirm(bigint, uuid) to kardan_api, kardan_bot;
