-- A step: puts a listing, which the caller has locked and moved to pending, into the queue of the
-- moderators, with the hints that they see. One open check a listing: a unique index sees to it.
-- Who submitted it is null in the name of nobody: then it is the person who made the listing.
create or replace function market.listing_queue(p_actor bigint, p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into market_data.moderation_items (listing_id, kind, submitted_at, submitted_by)
    select l.id, l.kind, ops.clock_now(), coalesce(p_actor, l.created_by)
    from market_data.listings as l
    where l.id = p_listing;
    perform market.moderation_hints_make(p_listing);
end
$$;

comment on function market.listing_queue(bigint, bigint) is
    'Step: a listing waits for a moderator. Raises: nothing.';
