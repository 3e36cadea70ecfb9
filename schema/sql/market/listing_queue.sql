-- A step: puts a listing, which the caller has locked and moved to pending, into the queue of the
-- moderators. One open check a listing: a unique index sees to it.
create or replace function market.listing_queue(p_actor bigint, p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into market_data.moderation_items (listing_id, kind, submitted_at, submitted_by)
    select l.id, l.kind, ops.clock_now(), p_actor
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_queue(bigint, bigint) is
    'Step: a listing waits for a moderator. Raises: nothing.';
