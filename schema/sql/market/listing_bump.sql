-- Guarantees: the listing stands where it would if it were published now: first in the order of
-- time of search and lists. Not before a cool-down since it was published or bumped last (setting
-- listing.bump_cooldown_seconds), and so many times a day, which begins at 0:00 UTC (setting
-- listing.bump_daily_count). Locks the membership, then the listing: of two bumps at one time one
-- wins. Idempotent by version: the same person's repeat with the version that was read is answered
-- as the first call was.
create or replace function market.listing_bump(
    p_actor bigint,
    p_listing bigint,
    p_version integer
)
returns table (
    listing_id bigint,
    version integer,
    published_at timestamptz,
    next_bump_at timestamptz,
    bumps_left integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_version integer;
    v_is_repeat boolean;
begin
    select e.version into v_version
    from market.listing_editor_require(p_actor, p_listing) as e;
    select l.bumped_at = l.updated_at and l.changed_by = p_actor and l.version - 1 = p_version
    into v_is_repeat
    from market_data.listings as l
    where l.id = p_listing;

    if v_is_repeat is not true then
        perform market.listing_version_require(p_version, v_version);
        perform market.listing_bump_require(p_listing);
        perform market.listing_event_record(p_actor, p_listing, 'bumped');
        update market_data.listings as l
        set first_published_at = coalesce(l.first_published_at, l.published_at),
            published_at = v_now, bumped_at = v_now, changed_by = p_actor, updated_at = v_now,
            bump_day = (v_now at time zone 'UTC')::date,
            bump_count = 1 + case
                when l.bump_day = (v_now at time zone 'UTC')::date then l.bump_count
                else 0
            end
        where l.id = p_listing;
    end if;

    return query
    select l.id, l.version, l.published_at, b.next_bump_at, b.bumps_left
    from market_data.listings as l
    cross join lateral market.listing_bump_state(l.published_at, l.bump_day, l.bump_count) as b
    where l.id = p_listing;
end
$$;

comment on function market.listing_bump(bigint, bigint, integer) is
    'The owner or a member of the shop puts a published listing first again. next_bump_at is when '
    'the next bump is possible, bumps_left how many are left today. Raises: actor_unknown, '
    'actor_blocked, listing_unknown, listing_not_yours, version_stale, listing_not_bumpable, '
    'listing_bump_early.';

grant execute on function market.listing_bump(bigint, bigint, integer) to kardan_api, kardan_bot;
