-- A step: records in the life of a listing, which the caller has locked, what does not change its
-- state.
create or replace function market.listing_event_record(
    p_actor bigint,
    p_listing bigint,
    p_event text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into market_data.listing_events (
        listing_id, at, event, from_status, to_status, actor_id)
    select l.id, ops.clock_now(), p_event, l.status, l.status, p_actor
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_event_record(bigint, bigint, text) is
    'Step: records an event of a listing that leaves its state as it is. Raises: nothing.';
