-- Guarantees: the acting person's own listings in every state, the newest first; the goods of shops
-- are listed by shop. Locks nothing.
create or replace function market.listing_list_mine(
    p_actor bigint,
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

    return query
    select
        l.id, l.kind, l.status, l.title, l.currency, l.price_minor, l.stock_quantity, l.cover_key,
        l.owner_shop_id, l.created_at, l.updated_at, l.published_at, l.version, l.rejection_reason
    from market_data.listings as l
    where l.owner_user_id = p_actor
        and (p_status is null or l.status = p_status)
        and (p_after is null or l.id < p_after)
    order by l.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.listing_list_mine(bigint, text, integer, bigint) is
    'A person''s own listings, of one state or of all, the newest first, 1 to 100 at a time (20), '
    'after the given one. Null: cover_key without photos, owner_shop_id always, published_at '
    'before the first publication, rejection_reason unless it was rejected. Raises: actor_unknown.';

grant execute on function market.listing_list_mine(bigint, text, integer, bigint)
    to kardan_api, kardan_bot;
