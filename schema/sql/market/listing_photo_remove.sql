-- Guarantees: the photo is gone and the ones behind it moved up; what moderators have seen only
-- became less, so a published listing stays published. Locks the membership, the listing, the
-- waiting check. A repeat finds no photo any more.
create or replace function market.listing_photo_remove(p_actor bigint, p_photo uuid)
returns table (listing_id bigint, status text, version integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listing bigint;
    v_position integer;
begin
    perform people.actor_require(p_actor, 'user');
    -- A photo of what somebody else keeps to themselves is none.
    select f.listing_id into v_listing
    from market_data.listing_photos as f
    where f.id = p_photo
        and (
            market.listing_insider(p_actor, f.listing_id)
            or exists (
                select from market.listing_public as p where p.listing_id = f.listing_id));
    if v_listing is not null then
        perform market.listing_editable_require(p_actor, v_listing);
    end if;

    delete from market_data.listing_photos as f
    where f.id = p_photo
        and f.listing_id = v_listing
    returning f.position into v_position;
    if v_position is null then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'listing_photo_unknown',
            message = 'there is no such photo';
    end if;

    update market_data.listing_photos as f
    set position = f.position - 1
    where f.listing_id = v_listing
        and f.position > v_position;
    perform market.listing_cover_store(p_actor, v_listing);

    return query
    select l.id, l.status, l.version
    from market_data.listings as l
    where l.id = v_listing;
end
$$;

comment on function market.listing_photo_remove(bigint, uuid) is
    'The owner or a member of the shop takes a photo away. Raises: actor_unknown, actor_blocked, '
    'listing_photo_unknown, listing_not_yours, listing_not_editable, '
    'listing_under_review.';

grant execute on function market.listing_photo_remove(bigint, uuid) to kardan_api, kardan_bot;
