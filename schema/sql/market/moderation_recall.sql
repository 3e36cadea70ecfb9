-- Guarantees: a listing that people see is hidden and waits in the queue, as if enough people had
-- flagged it: what a moderator decides there is decided on its flags. Its people are told. Audited.
-- Locks the listing, then its item. Idempotent by state: what waits already goes on waiting.
create or replace function market.moderation_recall(p_actor bigint, p_listing bigint)
returns table (
    item_id bigint,
    listing_id bigint,
    status text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.moderation_listing_lock(p_actor, p_listing);
    if exists (
        select from market_data.listings as l where l.id = p_listing and l.status <> 'pending')
    then
        perform market.listing_move(p_actor, p_listing, 'resubmitted');
        -- In nobody's name: whoever took it back may decide on it.
        perform market.listing_queue(null, p_listing);
        perform market.listing_tell(
            p_listing, 'listing.hidden', p_listing::text, ops.clock_now(), '{}');
        perform ops.audit_write(
            p_actor, 'moderation.recall', 'listing', p_listing::text, '{}');
    end if;

    return query
    select i.id, l.id, l.status
    from market_data.listings as l
    join market_data.moderation_items as i on i.listing_id = l.id and i.closed_at is null
    where l.id = p_listing;
end
$$;

comment on function market.moderation_recall(bigint, bigint) is
    'A moderator takes a published listing back into the queue. Raises: actor_unknown, '
    'actor_blocked, role_required, listing_unknown, moderation_own_listing, listing_move_illegal.';

grant execute on function market.moderation_recall(bigint, bigint) to kardan_bot;
