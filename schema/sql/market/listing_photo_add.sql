-- Guarantees: the photo is the listing's last; a published listing goes back to the moderators,
-- because nobody has seen the photo. Locks the membership, the listing, the waiting check.
-- Idempotent by nature: a storage key says what it holds, and a photo that the listing has is
-- answered as it is, whatever version is given.
create or replace function market.listing_photo_add(
    p_actor bigint,
    p_listing bigint,
    p_version integer,
    p_storage_key text,
    p_content_type text,
    p_width integer,
    p_height integer,
    p_size_bytes bigint,
    p_perceptual_hash bigint
)
returns table (photo_id uuid, "position" integer, status text, version integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_version integer;
    v_count integer;
begin
    select e.version
    into v_version
    from market.listing_editable_require(p_actor, p_listing) as e;

    if not exists (
        select
        from market_data.listing_photos as f
        where f.listing_id = p_listing
            and f.storage_key = p_storage_key
    ) then
        perform market.listing_version_require(p_version, v_version);
        select count(*)::integer into v_count
        from market_data.listing_photos as f
        where f.listing_id = p_listing;
        if v_count >= 10 then
            raise exception using
                errcode = 'ZCONF', constraint = 'listing_photo_limit',
                message = 'a listing has at most 10 photos';
        end if;
        insert into market_data.listing_photos (
            id, listing_id, position, storage_key, content_type, width, height, size_bytes,
            perceptual_hash, created_at)
        values (
            ops_data.uuid_v7(v_now), p_listing, v_count + 1, p_storage_key, p_content_type,
            p_width, p_height, p_size_bytes, p_perceptual_hash, v_now);
        perform market.listing_cover_store(p_actor, p_listing);
        perform market.listing_content_changed(p_actor, p_listing);
    end if;

    return query
    select f.id, f.position, l.status, l.version
    from market_data.listing_photos as f
    join market_data.listings as l on l.id = f.listing_id
    where f.listing_id = p_listing
        and f.storage_key = p_storage_key;
end
$$;

comment on function market.listing_photo_add(
    bigint, bigint, integer, text, text, integer, integer, bigint, bigint) is
    'The owner or a member of the shop adds a photo that lies in the store: its key there, type, '
    'size of its widest file in pixels and in bytes, and what it looks like, null when it is too '
    'plain to be compared. Raises: actor_unknown, actor_blocked, listing_unknown, '
    'listing_not_yours, listing_not_editable, listing_under_review, version_stale, '
    'listing_photo_limit, listing_photo_key_shape, listing_photo_type_known, listing_photo_size, '
    'listing_contact_required, listing_stock_required, listing_category_closed, attribute_unknown, '
    'attribute_required, attribute_type, attribute_range, attribute_choice.';

grant execute on function market.listing_photo_add(
    bigint, bigint, integer, text, text, integer, integer, bigint, bigint)
    to kardan_api, kardan_bot;
