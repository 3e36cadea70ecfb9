-- Guarantees: whether a person has a row of their own for the same happening, so that the row of
-- their shop would tell it twice. Rows of one happening are written by one statement.
create or replace function notify.event_is_told(
    p_user bigint,
    p_written_by xid8,
    p_at timestamptz,
    p_type text,
    p_event_at timestamptz,
    p_data jsonb
)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from notify_data.events as e
    where e.user_id = p_user
        and e.written_by = p_written_by
        and e.at = p_at
        and e.type = p_type
        and e.event_at = p_event_at
        and e.data = p_data);

comment on function notify.event_is_told(bigint, xid8, timestamptz, text, timestamptz, jsonb) is
    'Helper: whether a person hears of a happening without their shop. Raises: nothing.';
