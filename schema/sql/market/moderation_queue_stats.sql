-- Reads the open items by their index, and those closed within a day.
create or replace function market.moderation_queue_stats()
returns table (
    kind text,
    waiting_count integer,
    claimed_count integer,
    oldest_seconds double precision,
    decided_count integer,
    decided_mean_seconds double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    return query
    select
        k.kind,
        o.waiting_count,
        o.claimed_count,
        coalesce(greatest(0, extract(epoch from v_now - o.oldest_at)), 0)::double precision,
        d.decided_count,
        d.mean_seconds
    from unnest(array['car', 'part', 'service']) as k (kind)
    cross join lateral (
        select
            (count(*) filter (where i.claimed_until is null or i.claimed_until <= v_now))::integer
                as waiting_count,
            (count(*) filter (where i.claimed_until > v_now))::integer as claimed_count,
            min(i.submitted_at) as oldest_at
        from market_data.moderation_items as i
        where i.closed_at is null and i.kind = k.kind
    ) as o
    cross join lateral (
        select
            count(*)::integer as decided_count,
            avg(extract(epoch from i.closed_at - i.submitted_at))::double precision
                as mean_seconds
        from market_data.moderation_items as i
        where i.closed_at > v_now - interval '24 hours'
            and i.kind = k.kind
            and i.decision in ('approved', 'rejected')
    ) as d;
end
$$;

comment on function market.moderation_queue_stats() is
    'The queue by kind: how many wait and are claimed, how long the oldest has waited, how many '
    'were decided within 24 hours and how long that took on average (null without any). Raises: '
    'nothing.';

grant execute on function market.moderation_queue_stats() to kardan_monitor, kardan_admin;
