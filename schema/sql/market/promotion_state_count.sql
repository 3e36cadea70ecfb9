-- Reads what waits for a moderator and what is approved and not over, by their indexes, however
-- much has ended. What is both held and paused is held.
create or replace function market.promotion_state_count()
returns table (
    kind text,
    state text,
    order_count bigint
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
    with open_orders as (
        select p.kind, 'requested' as state
        from market_data.promotions as p
        where p.state = 'requested'
        union all
        select p.kind,
            case
                when p.held_at is not null then 'held'
                when p.payment <> 'paid' then 'unpaid'
                when p.paused_at is not null then 'paused'
                when p.begins_at > v_now then 'scheduled'
                else 'running'
            end
        from market_data.promotions as p
        where p.state = 'approved'
            and p.ended_at is null
    )
    select k.kind, s.state, count(o.state)
    from unnest(array['insertion', 'post']) as k (kind)
    cross join unnest(
        array['requested', 'unpaid', 'scheduled', 'running', 'paused', 'held']) as s (state)
    left join open_orders as o on o.kind = k.kind and o.state = s.state
    group by k.kind, s.state
    order by k.kind, s.state;
end
$$;

comment on function market.promotion_state_count() is
    'Orders of advertising that are not over, by kind and by what they wait for: a moderator '
    '(requested), payment (unpaid), their time (scheduled), nothing (running), their people '
    '(paused), a moderator again (held). Raises: nothing.';

grant execute on function market.promotion_state_count() to kardan_monitor, kardan_admin;
