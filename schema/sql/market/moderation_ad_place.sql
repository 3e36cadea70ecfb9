-- Guarantees: the listing's slot holds this advertisement and no other. Locks the listing.
-- Idempotent by state: the same advertisement again is neither written nor audited.
create or replace function market.moderation_ad_place(
    p_actor bigint,
    p_listing bigint,
    p_text text,
    p_url text,
    p_begins_at timestamptz,
    p_ends_at timestamptz
)
returns table (
    listing_id bigint,
    text text,
    url text,
    begins_at timestamptz,
    ends_at timestamptz,
    placed_by bigint,
    created_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.moderation_listing_lock(p_actor, p_listing);

    insert into market_data.listing_ads as a (
        listing_id, text, url, begins_at, ends_at, placed_by, created_at)
    values (p_listing, p_text, p_url, p_begins_at, p_ends_at, p_actor, ops.clock_now())
    on conflict on constraint listing_ads_pkey do update
    set text = excluded.text, url = excluded.url, begins_at = excluded.begins_at,
        ends_at = excluded.ends_at, placed_by = excluded.placed_by, created_at = excluded.created_at
    where (a.text, a.url, a.begins_at, a.ends_at)
        is distinct from (excluded.text, excluded.url, excluded.begins_at, excluded.ends_at);

    if found then
        perform ops.audit_write(
            p_actor, 'moderation.ad_place', 'listing', p_listing::text,
            jsonb_build_object(
                'text', p_text, 'url', p_url, 'begins_at', p_begins_at, 'ends_at', p_ends_at));
    end if;

    return query
    select a.listing_id, a.text, a.url, a.begins_at, a.ends_at, a.placed_by, a.created_at
    from market_data.listing_ads as a
    where a.listing_id = p_listing;
end
$$;

comment on function market.moderation_ad_place(
    bigint, bigint, text, text, timestamptz, timestamptz) is
    'A moderator puts an advertisement into a listing''s slot, in the place of what was there; it '
    'shows from begins_at until ends_at. Raises: actor_unknown, actor_blocked, role_required, '
    'listing_unknown, moderation_own_listing, listing_ad_text_length, listing_ad_url_shape, '
    'listing_ad_ends_later.';

grant execute on function market.moderation_ad_place(
    bigint, bigint, text, text, timestamptz, timestamptz) to kardan_api, kardan_bot;
