-- Guarantees: whoever may not add a photo to a listing is told before the photo is looked at, which
-- costs much. Says nothing of the version and the number of photos: listing_photo_add does, and
-- answers a photo that the listing has as it is. Locks as listing_photo_add does; changes nothing.
create or replace function market.listing_photo_check(p_actor bigint, p_listing bigint)
returns table (status text, version integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select e.status, e.version
    from market.listing_editable_require(p_actor, p_listing) as e;
end
$$;

comment on function market.listing_photo_check(bigint, bigint) is
    'Where a listing is whose photos the person may change now. Raises: actor_unknown, '
    'actor_blocked, listing_unknown, listing_not_yours, listing_not_editable, '
    'listing_under_review.';

grant execute on function market.listing_photo_check(bigint, bigint) to kardan_api, kardan_bot;
