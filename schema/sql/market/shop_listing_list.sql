-- Guarantees: the goods of a shop in every state, the newest first, for its members. Locks nothing.
create or replace function market.shop_listing_list(
    p_actor bigint,
    p_shop bigint,
    p_status text,
    p_limit integer,
    p_after bigint
)
returns table (
    listing_id bigint,
    kind text,
    status text,
    title text,
    currency text,
    price_minor bigint,
    stock_quantity integer,
    cover_key text,
    owner_shop_id bigint,
    created_at timestamptz,
    updated_at timestamptz,
    published_at timestamptz,
    version integer,
    rejection_reason text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform market.shop_member_require(p_actor, p_shop, 'seller');

    return query
    select
        l.id, l.kind, l.status, l.title, l.currency, l.price_minor, l.stock_quantity, l.cover_key,
        l.owner_shop_id, l.created_at, l.updated_at, l.published_at, l.version, l.rejection_reason
    from market_data.listings as l
    where l.owner_shop_id = p_shop
        and (p_status is null or l.status = p_status)
        and (p_after is null or l.id < p_after)
    order by l.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.shop_listing_list(bigint, bigint, text, integer, bigint) is
    'Members see the goods of their shop in every state, or in the given one, the newest first, '
    '1 to 100 at a time (20), after the given listing. cover_key is null without photos, '
    'published_at before the first publication, rejection_reason unless rejected. '
    'Raises: actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.shop_listing_list(bigint, bigint, text, integer, bigint)
    to kardan_api, kardan_bot;
