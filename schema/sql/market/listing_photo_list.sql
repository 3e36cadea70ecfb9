-- Guarantees: the photos of a listing that anybody may see, in their order; at most 10. Locks
-- nothing.
create or replace function market.listing_photo_list(p_listing bigint)
returns table (
    photo_id uuid,
    "position" integer,
    storage_key text,
    content_type text,
    width integer,
    height integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select f.id, f.position, f.storage_key, f.content_type, f.width, f.height
    from market_data.listing_photos as f
    where f.listing_id = p_listing
        and exists (select from market.listing_public as p where p.listing_id = p_listing)
    order by f.position;
end
$$;

comment on function market.listing_photo_list(bigint) is
    'The photos of a listing that anybody may see, in their order; no row otherwise. Raises: '
    'nothing.';

grant execute on function market.listing_photo_list(bigint) to kardan_api, kardan_bot;
