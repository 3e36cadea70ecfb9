-- Up to where events can be read: of all transactions before next_xid none runs any more, so
-- nothing of them can appear later, although numbers become visible out of order. An open
-- transaction that has written holds it back, one in another database of the server too. Reads no
-- table of ours.
create or replace function notify.event_position()
returns table (
    epoch text,
    next_xid bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select notify.event_epoch(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
end
$$;

comment on function notify.event_position() is
    'The first transaction whose events cannot be read yet, and the line in which its number '
    'counts. Raises: nothing.';

grant execute on function notify.event_position() to kardan_api;
