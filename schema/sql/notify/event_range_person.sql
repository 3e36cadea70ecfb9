-- Guarantees: the events of a person between two positions, in their order.
-- Inlined into notify.event_list, so that its limit stops the index scan.
create or replace function notify.event_range_person(
    p_user bigint,
    p_from timestamptz,
    p_after_xid xid8,
    p_after_id bigint,
    p_until_xid xid8,
    p_until_id bigint,
    p_limit integer
)
returns table (
    written_by xid8,
    id bigint,
    event_type text,
    event_at timestamptz,
    data jsonb,
    shop_id bigint,
    listing_id bigint
)
language sql
stable
parallel safe
begin atomic
    select e.written_by, e.id, e.type, e.event_at, e.data, e.shop_id, e.listing_id
    from notify_data.events as e
    where e.user_id = p_user
        and e.at > p_from
        and (e.written_by, e.id) > (p_after_xid, p_after_id)
        and (e.written_by, e.id) <= (p_until_xid, p_until_id)
    order by e.written_by, e.id
    limit p_limit;
end;

comment on function notify.event_range_person(
    bigint, timestamptz, xid8, bigint, xid8, bigint, integer) is
    'Helper: the events of a person between two positions. Raises: nothing.';
