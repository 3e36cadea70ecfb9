-- Guarantees: when a listing expires, from when it may be renewed, when it may be bumped: for its
-- people and for moderators, and no row for anybody else. Reads only.
create or replace function market.listing_schedule_get(p_actor bigint, p_listing bigint)
returns table (
    listing_id bigint,
    status text,
    version integer,
    expires_at timestamptz,
    renew_from timestamptz,
    renew_until timestamptz,
    first_published_at timestamptz,
    bumped_at timestamptz,
    next_bump_at timestamptz,
    bumps_left integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before constant interval :=
        make_interval(days => ops.setting_integer('listing.renew_days', 7));
    v_after constant interval :=
        make_interval(days => ops.setting_integer('listing.renew_after_days', 30));
begin
    perform people.actor_known(p_actor);

    return query
    select
        l.id, l.status, l.version, e.expires_at, e.expires_at - v_before, e.expires_at + v_after,
        coalesce(l.first_published_at, l.published_at), l.bumped_at,
        case when l.status = 'published' then b.next_bump_at end,
        case when l.status = 'published' then b.bumps_left end
    from market_data.listings as l
    cross join lateral (
        select case
            when l.status in ('published', 'reserved', 'archived') then
                nullif(l.expires_at, 'infinity')
        end as expires_at
    ) as e
    cross join lateral market.listing_bump_state(l.published_at, l.bump_day, l.bump_count) as b
    where l.id = p_listing
        and market.listing_reader(p_actor, p_listing);
end
$$;

comment on function market.listing_schedule_get(bigint, bigint) is
    'When a listing expires, may be renewed and bumped. Null: expires_at and the time of renewal '
    'for what does not expire, first_published_at before the first publication, bumped_at before '
    'the first bump, next_bump_at and bumps_left unless it is published. Raises: actor_unknown.';

grant execute on function market.listing_schedule_get(bigint, bigint) to kardan_api, kardan_bot;
