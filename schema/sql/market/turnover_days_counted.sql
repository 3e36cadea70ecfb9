-- Guarantees: what the completed deals of sellers and of the platform (0) came to on the days of a
-- time, counted from what happened: the one definition, which the roll-up keeps and the nightly
-- check counts again. Reads the partitions of those days.
create or replace function market.turnover_days_counted(p_from date, p_until date)
returns table (
    seller_key bigint,
    day date,
    currency text,
    deals bigint,
    total_minor bigint
)
language sql
stable
parallel safe
begin atomic
    select s.key, (e.at at time zone 'UTC')::date, d.currency, count(*),
        sum(d.total_minor)::bigint
    from market_data.deal_events as e
    join market_data.deals as d on d.id = e.deal_id
    cross join lateral (values (d.seller_key), (0)) as s (key)
    where e.to_state = 'completed'
        and e.at >= p_from::timestamp at time zone 'UTC'
        and e.at < p_until::timestamp at time zone 'UTC'
    group by s.key, (e.at at time zone 'UTC')::date, d.currency;
end;

comment on function market.turnover_days_counted(date, date) is
    'Helper: the turnover of sellers and of the platform (0) on the days from the first until '
    'before the second, counted from what happened. Raises: nothing.';
