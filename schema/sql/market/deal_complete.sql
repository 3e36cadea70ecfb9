-- Guarantees: the pieces are sold; a listing with nothing left and nothing held is sold as well. By
-- the buyer. Locks the membership in the shop, the listing, then the deal. Idempotent by state.
create or replace function market.deal_complete(p_actor bigint, p_deal uuid)
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
    perform market.deal_step(p_actor, p_deal, 'completed', null);

    return query
    select d.id, d.listing_id, d.state, d.due_at, d.changed_at
    from market_data.deals as d
    where d.id = p_deal;
end
$$;

comment on function market.deal_complete(bigint, uuid) is
    'The buyer says that they have the pieces. due_at is null. Raises: actor_unknown, '
    'actor_blocked, deal_unknown, deal_side_required, deal_move_illegal.';

grant execute on function market.deal_complete(bigint, uuid) to kardan_api, kardan_bot;
