-- Guarantees: the clicks on listings by the hour on the days of a time, counted from what
-- happened: the one definition, which the roll-up keeps and the nightly check counts again. Reads
-- the partitions of those days.
create or replace function market.listing_hours_counted(p_from date, p_until date)
returns table (
    listing_id bigint,
    hour timestamptz,
    clicks integer
)
language sql
stable
parallel safe
begin atomic
    select c.listing_id, date_trunc('hour', c.at), count(*)::integer
    from market_data.contact_clicks as c
    where c.at >= p_from::timestamp at time zone 'UTC'
        and c.at < p_until::timestamp at time zone 'UTC'
    group by c.listing_id, date_trunc('hour', c.at);
end;

comment on function market.listing_hours_counted(date, date) is
    'Helper: the clicks on listings by the hour on the days from the first until before the '
    'second, counted from what happened. Raises: nothing.';
