-- Guarantees: the listing stands for another lifetime of its category, from now on. From the last
-- days before its end (setting listing.renew_days) until some days after it (setting
-- listing.renew_after_days), also when the job has archived it: nothing changed in it, so no
-- moderator is asked. What its people archived themselves is not renewed but restored. Locks the
-- membership, then the listing. Idempotent by version: the same person's repeat with the version
-- that was read is answered as the first call was.
create or replace function market.listing_renew(
    p_actor bigint,
    p_listing bigint,
    p_version integer
)
returns table (listing_id bigint, status text, version integer, expires_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_version integer;
    v_was record;
begin
    select e.version into v_version
    from market.listing_editor_require(p_actor, p_listing) as e;
    select l.status, l.expires_at, l.renewed_at = l.updated_at and l.changed_by = p_actor as is_mine
    into v_was
    from market_data.listings as l
    where l.id = p_listing;

    if (v_was.is_mine and v_version - 1 = p_version) is not true then
        perform market.listing_version_require(p_version, v_version);
        perform market.listing_renewable_require(v_was.status, v_was.expires_at);
        if v_was.status = 'archived' then
            perform market.listing_ready_require(p_listing);
        else
            perform market.listing_event_record(p_actor, p_listing, 'renewed');
        end if;
        update market_data.listings as l
        set status = 'published', renewed_at = v_now, changed_by = p_actor, updated_at = v_now,
            expires_at = v_now
                + make_interval(days => market.listing_lifetime(l.category_id, l.subcategory_id))
        where l.id = p_listing;
    end if;

    return query
    select l.id, l.status, l.version, l.expires_at
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_renew(bigint, bigint, integer) is
    'The owner or a member of the shop prolongs a listing shortly before its end, or brings it '
    'back shortly after. Raises: actor_unknown, actor_blocked, listing_unknown, '
    'listing_not_yours, version_stale, listing_renew_early, listing_not_renewable, '
    'listing_contact_required, listing_stock_required, listing_category_closed, '
    'attribute_unknown, attribute_required, attribute_type, attribute_range, attribute_choice.';

grant execute on function market.listing_renew(bigint, bigint, integer) to kardan_api, kardan_bot;
