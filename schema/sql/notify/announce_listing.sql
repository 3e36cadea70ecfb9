-- A step of any domain: writes into the log of events what anybody may know of a listing, for those
-- who watch it, in the transaction in which it happens. Locks nothing.
create or replace function notify.announce_listing(
    p_type text,
    p_listing bigint,
    p_at timestamptz,
    p_data jsonb
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into notify_data.events (at, type, listing_id, event_at, data)
    values (
        ops.clock_now(), p_type, p_listing, p_at,
        coalesce(p_data, '{}') || jsonb_build_object('listing_id', p_listing));
end
$$;

comment on function notify.announce_listing(text, bigint, timestamptz, jsonb) is
    'Step: writes an event for those who watch a listing; the data holds nothing private. Raises: '
    'nothing.';
