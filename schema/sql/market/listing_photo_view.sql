-- Guarantees: the photos of a listing in any state, in their order, for its people and for
-- moderators; no row for anybody else. Locks nothing.
create or replace function market.listing_photo_view(p_actor bigint, p_listing bigint)
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
    perform people.actor_known(p_actor);

    return query
    select f.id, f.position, f.storage_key, f.content_type, f.width, f.height
    from market_data.listing_photos as f
    where f.listing_id = p_listing
        and market.listing_reader(p_actor, p_listing)
    order by f.position;
end
$$;

comment on function market.listing_photo_view(bigint, bigint) is
    'The photos of a listing, in their order, for its owner, members of its shop and moderators; '
    'no row for others. Raises: actor_unknown.';

grant execute on function market.listing_photo_view(bigint, bigint) to kardan_api, kardan_bot;
