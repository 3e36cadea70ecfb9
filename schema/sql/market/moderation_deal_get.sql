-- Guarantees: any deal, for moderators. Locks nothing.
create or replace function market.moderation_deal_get(p_actor bigint, p_deal uuid)
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
    perform people.actor_require(p_actor, 'moderator');

    return query
    select
        v.deal_id, v.listing_id, v.title, v.cover_key, v.listing_status, v.buyer_id,
        v.buyer_name, v.seller_user_id, v.seller_shop_id, v.seller_name, v.quantity,
        v.currency, v.unit_price_minor, v.total_minor, v.state, v.reason, v.due_at,
        v.created_at, v.changed_at
    from market.deal_inside as v
    where v.deal_id = p_deal;
end
$$;

comment on function market.moderation_deal_get(bigint, uuid) is
    'Any deal, for moderators. Null as in market.deal_get. Raises: actor_unknown, actor_blocked, '
    'role_required.';

grant execute on function market.moderation_deal_get(bigint, uuid) to kardan_api, kardan_bot;
