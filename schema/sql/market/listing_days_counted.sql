-- Guarantees: what listings came to on the days of a time, counted from what happened: the one
-- definition of these figures, which the roll-up keeps and the nightly check counts again. Reads
-- the partitions of those days.
create or replace function market.listing_days_counted(p_from date, p_until date)
returns table (
    listing_id bigint,
    day date,
    views integer,
    clicks integer,
    people integer,
    deals_requested integer,
    deals_completed integer
)
language sql
stable
parallel safe
begin atomic
    select
        t.listing_id, t.day, sum(t.views)::integer, sum(t.clicks)::integer,
        sum(t.people)::integer, sum(t.requested)::integer, sum(t.completed)::integer
    from (
        select v.listing_id, v.day, count(*) as views, 0 as clicks, 0 as people, 0 as requested,
            0 as completed
        from market_data.listing_views as v
        where v.day >= p_from
            and v.day < p_until
        group by v.listing_id, v.day
        union all
        select c.listing_id, (c.at at time zone 'UTC')::date, 0, count(*),
            count(distinct c.clicker), 0, 0
        from market_data.contact_clicks as c
        where c.at >= p_from::timestamp at time zone 'UTC'
            and c.at < p_until::timestamp at time zone 'UTC'
        group by c.listing_id, (c.at at time zone 'UTC')::date
        union all
        select d.listing_id, (e.at at time zone 'UTC')::date, 0, 0, 0,
            count(*) filter (where e.to_state = 'requested'),
            count(*) filter (where e.to_state = 'completed')
        from market_data.deal_events as e
        join market_data.deals as d on d.id = e.deal_id
        where e.at >= p_from::timestamp at time zone 'UTC'
            and e.at < p_until::timestamp at time zone 'UTC'
            and e.to_state in ('requested', 'completed')
        group by d.listing_id, (e.at at time zone 'UTC')::date
    ) as t
    group by t.listing_id, t.day;
end;

comment on function market.listing_days_counted(date, date) is
    'Helper: the figures of listings on the days from the first until before the second, counted '
    'from what happened. Raises: nothing.';
