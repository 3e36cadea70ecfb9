-- Guarantees: what the person made for shops. It is the shop's, so only its number is told.
create or replace function market.export_shop_listings(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        l.id::text,
        jsonb_build_object(
            'listing_id', l.id, 'shop_id', l.owner_shop_id, 'created_at', l.created_at)
    from market_data.listings as l
    where l.created_by = p_user
        and l.owner_shop_id is not null
        and l.id > coalesce(p_after::bigint, 0)
    order by l.id
    limit p_limit;
end;

comment on function market.export_shop_listings(bigint, text, integer) is
    'Helper: the listings that a person made for shops, for the export. Raises: nothing.';
