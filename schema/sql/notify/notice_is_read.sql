-- Guarantees: whether a notice is read: by its own mark, or because it happened before the feed was
-- read and was there when it was marked. What is told late of an older event is new.
create or replace function notify.notice_is_read(
    p_event_at timestamptz,
    p_created_at timestamptz,
    p_read_at timestamptz,
    p_read_until timestamptz,
    p_marked_at timestamptz
)
returns boolean
language sql
immutable
parallel safe
return p_read_at is not null
    or coalesce(p_event_at <= p_read_until and p_created_at <= p_marked_at, false);

comment on function notify.notice_is_read(
    timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) is
    'Helper: whether a notice is read. Raises: nothing.';
