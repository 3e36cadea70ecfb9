-- Guarantees: the deal for its two sides, and no row for anybody else. A blocked person still sees
-- it. Locks nothing.
create or replace function market.deal_get(p_actor bigint, p_deal uuid)
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
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select
        v.deal_id, v.listing_id, v.title, v.cover_key, v.listing_status, v.buyer_id,
        v.buyer_name, v.seller_user_id, v.seller_shop_id, v.seller_name, v.quantity,
        v.currency, v.unit_price_minor, v.total_minor, v.state, v.reason, v.due_at,
        v.created_at, v.changed_at
    from market.deal_inside as v
    where v.deal_id = p_deal
        and market.deal_sides(p_actor, p_deal) <> '{}';
end
$$;

comment on function market.deal_get(bigint, uuid) is
    'A deal for its buyer and its seller. Null: cover_key without photos or while the '
    'listing is not for everybody to see, seller_user_id or seller_shop_id, reason unless '
    'cancelled, due_at unless it goes on by itself. Raises: actor_unknown.';

grant execute on function market.deal_get(bigint, uuid) to kardan_api, kardan_bot;
