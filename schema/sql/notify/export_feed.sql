-- Guarantees: up to when the person has read, as one item.
create or replace function notify.export_feed(
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
        f.user_id::text,
        jsonb_build_object('read_until', f.read_until, 'marked_at', f.marked_at)
    from notify_data.feeds as f
    where f.user_id = p_user
        and p_after is null
    limit p_limit;
end;

comment on function notify.export_feed(bigint, text, integer) is
    'Helper: up to when a person has read, for the export. Raises: nothing.';
