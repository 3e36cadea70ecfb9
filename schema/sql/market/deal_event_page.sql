-- Guarantees: a page of the steps of a deal, the latest first. The birth of the deal, which the
-- caller has read, bounds the partitions. Locks nothing.
create or replace function market.deal_event_page(
    p_deal uuid,
    p_born timestamptz,
    p_limit integer,
    p_after_at timestamptz,
    p_after_id bigint
)
returns table (
    event_id bigint,
    at timestamptz,
    from_state text,
    to_state text,
    actor_id bigint,
    reason text
)
language sql
stable
parallel safe
begin atomic
    select
        e.id, e.at, e.from_state, e.to_state, e.actor_id,
        case when e.to_state = 'cancelled' then d.reason end
    from market_data.deal_events as e
    join market_data.deals as d on d.id = e.deal_id
    where e.deal_id = p_deal
        and e.at >= p_born
        and e.at <= coalesce(p_after_at, 'infinity')
        and (p_after_at is null or (e.at, e.id) < (p_after_at, coalesce(p_after_id, 0)))
    order by e.at desc, e.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end;

comment on function market.deal_event_page(uuid, timestamptz, integer, timestamptz, bigint) is
    'Helper: a page of the steps of a deal. Raises: nothing.';
