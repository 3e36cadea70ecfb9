-- Guarantees: the photos stand in the order of the list, which names each of them once. Locks the
-- membership, the listing, the waiting check. Idempotent by state: the order that already is
-- changes nothing, whatever version is given.
create or replace function market.listing_photo_order(
    p_actor bigint,
    p_listing bigint,
    p_version integer,
    p_photos uuid[]
)
returns table (listing_id bigint, status text, version integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
    v_present uuid[];
begin
    select e.version
    into v_version
    from market.listing_editable_require(p_actor, p_listing) as e;
    select coalesce(array_agg(f.id order by f.position), '{}')
    into v_present
    from market_data.listing_photos as f
    where f.listing_id = p_listing;

    if v_present is distinct from p_photos then
        perform market.listing_version_require(p_version, v_version);
        if cardinality(p_photos) is distinct from cardinality(v_present)
            or not p_photos @> v_present
        then
            raise exception using
                errcode = 'ZINVL', constraint = 'listing_photo_order_mismatch', column = 'photos',
                message = 'the list names each photo of the listing once';
        end if;
        update market_data.listing_photos as f
        set position = o.position
        from unnest(p_photos) with ordinality as o (id, position)
        where f.id = o.id
            and f.listing_id = p_listing;
        perform market.listing_cover_store(p_actor, p_listing);
    end if;

    return query
    select l.id, l.status, l.version
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_photo_order(bigint, bigint, integer, uuid[]) is
    'The owner or a member of the shop puts the photos in order; the first is the cover. Raises: '
    'actor_unknown, actor_blocked, listing_unknown, listing_not_yours, listing_not_editable, '
    'listing_under_review, version_stale, listing_photo_order_mismatch.';

grant execute on function market.listing_photo_order(bigint, bigint, integer, uuid[])
    to kardan_api, kardan_bot;
