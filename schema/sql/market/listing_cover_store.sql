-- A step: the cover of a listing, which the caller has locked, is its first photo again, and its
-- version moves on.
create or replace function market.listing_cover_store(p_actor bigint, p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update market_data.listings as l
    set cover_key = (
            select f.storage_key
            from market_data.listing_photos as f
            where f.listing_id = p_listing
            order by f.position
            limit 1
        ),
        changed_by = p_actor,
        updated_at = ops.clock_now()
    where l.id = p_listing;
end
$$;

comment on function market.listing_cover_store(bigint, bigint) is
    'Step: sets the cover of a locked listing to its first photo. Raises: nothing.';
