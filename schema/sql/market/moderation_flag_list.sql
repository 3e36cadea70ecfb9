-- Guarantees: flags for moderators, the newest first, in pages: of one listing or of all, the open
-- ones or all. Reads only.
create or replace function market.moderation_flag_list(
    p_actor bigint,
    p_listing bigint,
    p_is_open boolean,
    p_limit integer,
    p_after bigint
)
returns table (
    flag_id bigint,
    listing_id bigint,
    title text,
    status text,
    user_id bigint,
    reason text,
    note text,
    counts boolean,
    created_at timestamptz,
    closed_at timestamptz,
    outcome text,
    closed_by bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');

    return query
    select
        f.id, f.listing_id, l.title, l.status, f.user_id, f.reason, f.note, f.weight > 0,
        f.created_at, f.closed_at, f.outcome, f.closed_by
    from market_data.listing_flags as f
    join market_data.listings as l on l.id = f.listing_id
    where f.id = any (array(
        select k.id
        from market.moderation_flag_ids(
            p_listing, p_is_open, least(greatest(coalesce(p_limit, 20), 1), 100),
            coalesce(p_after, 9223372036854775807)) as k (id)))
    order by f.id desc;
end
$$;

comment on function market.moderation_flag_list(bigint, bigint, boolean, integer, bigint) is
    'What people flagged, the newest first, 1 to 100 at a time (20), after the given flag; listing '
    'null: of all listings, is_open true: only what nobody decided on. closed_at, outcome '
    '(dismissed, upheld) and closed_by are null while it is open; counts is false for a flag that '
    'does not help to hide the listing. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_flag_list(bigint, bigint, boolean, integer, bigint)
    to kardan_api, kardan_bot;
