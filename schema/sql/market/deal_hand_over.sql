-- Guarantees: the seller has said that the buyer has the pieces, which stay put aside. By the
-- seller. Locks the membership in the shop, the listing, then the deal. Idempotent by state.
create or replace function market.deal_hand_over(p_actor bigint, p_deal uuid)
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
    perform market.deal_step(p_actor, p_deal, 'handed_over', null);

    return query
    select d.id, d.listing_id, d.state, d.due_at, d.changed_at
    from market_data.deals as d
    where d.id = p_deal;
end
$$;

comment on function market.deal_hand_over(bigint, uuid) is
    'The seller says that the pieces were handed over; due_at is when the deal is completed '
    'without a word of the buyer. Raises: actor_unknown, actor_blocked, deal_unknown, '
    'deal_side_required, deal_move_illegal.';

grant execute on function market.deal_hand_over(bigint, uuid) to kardan_api, kardan_bot;
