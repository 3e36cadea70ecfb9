-- Guarantees: how long listings wait: the queue as it stands now, and the decisions made from
-- p_from until before p_to. Withdrawn items are nobody's decision. At most 366 days at once.
-- Reads only.
create or replace function market.moderation_stats(
    p_actor bigint,
    p_from timestamptz,
    p_to timestamptz
)
returns table (
    open_count bigint,
    oldest_waiting_seconds integer,
    decided_count bigint,
    approved_count bigint,
    rejected_count bigint,
    median_seconds double precision,
    p95_seconds double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform people.actor_require(p_actor, 'moderator');
    -- In seconds: there is no interval between infinite times.
    if (p_from < p_to
        and extract(epoch from p_to) - extract(epoch from p_from) <= 366 * 86400) is not true
    then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'moderation_period',
            column = 'to',
            message = 'the period begins before it ends and spans at most 366 days';
    end if;

    return query
    select
        o.open_count,
        -- greatest leaves nulls out, and an empty queue has no oldest item
        case when o.open_count > 0 then extract(epoch from o.oldest_wait)::integer end,
        d.decided, d.approved, d.rejected, d.median, d.p95
    from (
        select
            count(*) as open_count,
            greatest(interval '0', v_now - min(i.submitted_at)) as oldest_wait
        from market_data.moderation_items as i
        where i.closed_at is null
    ) as o
    cross join (
        select
            count(*) as decided,
            count(*) filter (where i.decision = 'approved') as approved,
            count(*) filter (where i.decision = 'rejected') as rejected,
            percentile_cont(0.5) within group (
                order by extract(epoch from i.closed_at - i.submitted_at)) as median,
            percentile_cont(0.95) within group (
                order by extract(epoch from i.closed_at - i.submitted_at)) as p95
        from market_data.moderation_items as i
        where i.closed_at >= p_from
            and i.closed_at < p_to
            and i.decision in ('approved', 'rejected')
    ) as d;
end
$$;

comment on function market.moderation_stats(bigint, timestamptz, timestamptz) is
    'The queue now, and the decisions of a period with their time from submission. '
    'oldest_waiting_seconds is null for an empty queue, median_seconds and p95_seconds without '
    'decisions. Raises: actor_unknown, actor_blocked, role_required, moderation_period.';

grant execute on function market.moderation_stats(bigint, timestamptz, timestamptz)
    to kardan_api, kardan_bot;
