-- Guarantees: what a person sells or sold in their own name, the newest first, in pages. Locks
-- nothing.
create or replace function market.deal_list_sold(
    p_actor bigint,
    p_state text,
    p_limit integer,
    p_after uuid
)
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
declare
    v_limit constant integer := least(greatest(coalesce(p_limit, 20), 1), 100);
begin
    perform people.actor_known(p_actor);

    return query
    select
        v.deal_id, v.listing_id, v.title, v.cover_key, v.listing_status, v.buyer_id,
        v.buyer_name, v.seller_user_id, v.seller_shop_id, v.seller_name, v.quantity,
        v.currency, v.unit_price_minor, v.total_minor, v.state, v.reason, v.due_at,
        v.created_at, v.changed_at
    from market.deal_states(p_state) as s (state)
    cross join lateral (
        select
            i.deal_id, i.listing_id, i.title, i.cover_key, i.listing_status,
            i.buyer_id, i.buyer_name, i.seller_user_id, i.seller_shop_id,
            i.seller_name, i.quantity, i.currency, i.unit_price_minor, i.total_minor,
            i.state, i.reason, i.due_at, i.created_at, i.changed_at
        from market.deal_inside as i
        where i.seller_user_id = p_actor
            and i.state = s.state
            and i.deal_id < coalesce(p_after, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        order by i.deal_id desc
        limit v_limit
    ) as v
    order by v.deal_id desc
    limit v_limit;
end
$$;

comment on function market.deal_list_sold(bigint, text, integer, uuid) is
    'The deals of a person who sells, all or those in one state, the newest first, 1 to 100 at a '
    'time (20), after the given one. Null as in market.deal_get. Raises: actor_unknown.';

grant execute on function market.deal_list_sold(bigint, text, integer, uuid)
    to kardan_api, kardan_bot;
