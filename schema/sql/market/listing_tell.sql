-- A step: tells the people of a listing what moderators or flags have made of it. The event's own
-- time and key let nothing be told twice. Locks nothing.
create or replace function market.listing_tell(
    p_listing bigint,
    p_kind text,
    p_key text,
    p_at timestamptz,
    p_more jsonb
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform notify.tell(
        market.seller_people(l.owner_user_id, l.owner_shop_id), p_kind, p_kind || ':' || p_key,
        p_at,
        jsonb_build_object('listing_id', l.id, 'shop_id', l.owner_shop_id, 'title', l.title)
            || p_more)
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_tell(bigint, text, text, timestamptz, jsonb) is
    'Step: tells the people of a listing what has become of it. Raises: nothing.';
