-- Guarantees: the deal has ended, and pieces that it held are back in the stock, once. By either
-- side, with a reason, at any time before it is completed. Locks the membership in the shop, the
-- listing, then the deal. Idempotent by state.
create or replace function market.deal_cancel(
    p_actor bigint,
    p_deal uuid,
    p_reason text
)
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
    perform market.deal_step(p_actor, p_deal, 'cancelled', coalesce(btrim(p_reason), ''));

    return query
    select d.id, d.listing_id, d.state, d.due_at, d.changed_at
    from market_data.deals as d
    where d.id = p_deal;
end
$$;

comment on function market.deal_cancel(bigint, uuid, text) is
    'A side cancels a deal, with a reason of 3 to 500 characters that the other side reads. due_at '
    'is null. Raises: actor_unknown, actor_blocked, deal_unknown, deal_reason_length, '
    'deal_move_illegal, listing_stock_range.';

grant execute on function market.deal_cancel(bigint, uuid, text) to kardan_api, kardan_bot;
