-- Reads what is due by its index, and a day of the steps by their key.
create or replace function market.deal_stats()
returns table (
    state text,
    waiting_count bigint,
    reached_count bigint
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
    with waiting as (
        select d.state, count(*) as deals
        from market_data.deals as d
        where d.due_at is not null
        group by d.state
    ),
    reached as (
        select e.to_state as state, count(*) as deals
        from market_data.deal_events as e
        where e.at > v_now - interval '24 hours'
            and e.at <= v_now
        group by e.to_state
    )
    select s.state, coalesce(w.deals, 0), coalesce(r.deals, 0)
    from market.deal_states(null) as s (state)
    left join waiting as w on w.state = s.state
    left join reached as r on r.state = s.state
    order by s.state;
end
$$;

comment on function market.deal_stats() is
    'Deals by state: how many wait in it for one of the two with a time by which they must act '
    '(requested, handed_over), and how many came into it within 24 hours. Raises: nothing.';

grant execute on function market.deal_stats() to kardan_monitor, kardan_admin;
