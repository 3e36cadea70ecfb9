-- A step: tells sellers something of several of their listings at once, each seller in one notice
-- that names ten of them, those that end first. Nothing is told twice at one time under one key.
-- Locks nothing.
create or replace function market.listings_tell(
    p_listings bigint[],
    p_kind text,
    p_at timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform notify.tell(
        market.seller_people(s.owner_user_id, s.owner_shop_id), p_kind,
        p_kind || ':' || coalesce('shop:' || s.owner_shop_id, 'own'), p_at,
        jsonb_build_object(
            'shop_id', s.owner_shop_id, 'count', s.count, 'listings', s.first_listings))
    from (
        select o.owner_user_id, o.owner_shop_id, count(*) as count,
            jsonb_agg(o.item order by o.place) filter (where o.place <= 10) as first_listings
        from (
            select l.owner_user_id, l.owner_shop_id,
                row_number() over (
                    partition by l.owner_user_id, l.owner_shop_id
                    order by l.expires_at, l.id) as place,
                jsonb_build_object(
                    'listing_id', l.id, 'title', l.title, 'expires_at', l.expires_at) as item
            from market_data.listings as l
            where l.id = any (p_listings)
        ) as o
        group by o.owner_user_id, o.owner_shop_id
        order by o.owner_user_id, o.owner_shop_id
    ) as s;
end
$$;

comment on function market.listings_tell(bigint[], text, timestamptz) is
    'Step: tells sellers something of several of their listings at once. Raises: nothing.';
