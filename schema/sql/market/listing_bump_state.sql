-- Guarantees: when a published listing may be bumped next, and how often yet on this day in UTC:
-- after the cool-down, and on the next day when none is left. Locks nothing.
create or replace function market.listing_bump_state(
    p_published_at timestamptz,
    p_day date,
    p_count integer
)
returns table (
    next_bump_at timestamptz,
    bumps_left integer
)
language sql
stable
parallel safe
begin atomic
    select
        greatest(
            p_published_at + s.cooldown,
            case when n.bumps_left = 0 then s.today + interval '1 day' end),
        n.bumps_left
    from (
        select
            make_interval(
                secs => ops.setting_integer('listing.bump_cooldown_seconds', 14400)) as cooldown,
            ops.setting_integer('listing.bump_daily_count', 3) as daily,
            date_trunc('day', ops.clock_now(), 'UTC') as today
    ) as s
    cross join lateral (
        select greatest(
            0,
            s.daily - case
                when p_day = (ops.clock_now() at time zone 'UTC')::date then p_count
                else 0
            end) as bumps_left
    ) as n;
end;

comment on function market.listing_bump_state(timestamptz, date, integer) is
    'Helper: when a listing may be bumped next, and how often yet today. Raises: nothing.';
