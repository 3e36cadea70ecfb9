-- Guarantees: the events that programs of the person could read, for as long as they are kept.
create or replace function notify.export_events(
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
        format('%s|%s', e.at, e.id),
        jsonb_build_object('at', e.event_at, 'type', e.type, 'data', e.data)
    from notify_data.events as e
    where e.user_id = p_user
        and e.at > ops.clock_now() - interval '7 days'
        and e.at >= coalesce(split_part(p_after, '|', 1)::timestamptz, '-infinity')
        and (p_after is null or (e.at, e.id) > (
            split_part(p_after, '|', 1)::timestamptz, split_part(p_after, '|', 2)::bigint))
    order by e.at, e.id
    limit p_limit;
end;

comment on function notify.export_events(bigint, text, integer) is
    'Helper: the events of a person, for the export. Raises: nothing.';
