-- Guarantees: 0 or 1 row of what anybody may see. One select, so that it inlines. Locks nothing.
create or replace function market.shop_get(p_shop bigint)
returns table (
    shop_id bigint,
    name text,
    description text,
    place_id bigint,
    listing_count integer,
    created_at timestamptz,
    updated_at timestamptz,
    version integer
)
language sql
stable
parallel safe
security invoker
begin atomic
    select
        s.shop_id, s.name, s.description, s.place_id, s.listing_count, s.created_at, s.updated_at,
        s.version
    from market.shop_public as s
    where s.shop_id = p_shop;
end;

comment on function market.shop_get(bigint) is
    'A shop as anybody may see it, no row when there is none; place_id is null when it names no '
    'town, listing_count counts what anybody may see of its goods. Raises: nothing.';

grant execute on function market.shop_get(bigint) to kardan_api, kardan_bot;
