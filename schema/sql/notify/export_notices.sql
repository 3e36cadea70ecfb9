-- Guarantees: what the person was told, for as long as it is kept, oldest first.
create or replace function notify.export_notices(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        format('%s|%s', o.event_at, o.id),
        jsonb_build_object(
            'at', o.event_at, 'kind', o.kind, 'data', o.data, 'outcome', o.outcome,
            'done_at', o.done_at, 'read_at', o.read_at)
    from notify_data.outbox as o
    where o.recipient = p_user
        and o.event_at > ops.clock_now() - interval '90 days'
        and o.event_at >= coalesce(split_part(p_after, '|', 1)::timestamptz, '-infinity')
        and (p_after is null or (o.event_at, o.id) > (
            split_part(p_after, '|', 1)::timestamptz, split_part(p_after, '|', 2)::bigint))
    order by o.event_at, o.id
    limit p_limit;
end;

comment on function notify.export_notices(bigint, text, integer) is
    'Helper: what a person was told, for the export. Raises: nothing.';
