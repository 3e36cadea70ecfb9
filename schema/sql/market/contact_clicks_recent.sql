-- A step: what somebody has clicked on of late: whether on this listing since one time, and when
-- the last but so many was since another (null: they were fewer). Reads the partitions since the
-- earlier of the two, and nothing of the others: planned anew each time, because a plan for any
-- time would lock, and first load, every partition of the year in every session.
create or replace function market.contact_clicks_recent(
    p_clicker bigint,
    p_listing bigint,
    p_repeat timestamptz,
    p_since timestamptz,
    p_until timestamptz,
    p_most integer
)
returns table (is_repeat boolean, full_at timestamptz)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
    v_from constant timestamptz := least(p_repeat, p_since);
begin
    return query
    select
        coalesce(bool_or(c.listing_id = p_listing and c.at > p_repeat), false),
        (array_agg(c.at order by c.at desc) filter (where c.at > p_since))[p_most]
    from market_data.contact_clicks as c
    where c.clicker = p_clicker
        and c.at > v_from
        and c.at < p_until;
end
$$;

comment on function market.contact_clicks_recent(
    bigint, bigint, timestamptz, timestamptz, timestamptz, integer) is
    'Step: whether somebody has clicked on a listing since p_repeat, and the time of their p_most '
    'last click since p_since, null when there are fewer. Raises: nothing.';
