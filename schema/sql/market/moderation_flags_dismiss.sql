-- Guarantees: what people flagged in a listing that they see is dismissed. Of a listing that waits,
-- the decision in the queue is also the one on its flags, so there nothing changes. Audited. Locks
-- the listing. Idempotent by state.
create or replace function market.moderation_flags_dismiss(p_actor bigint, p_listing bigint)
returns table (
    listing_id bigint,
    dismissed_count integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    perform market.moderation_listing_lock(p_actor, p_listing);
    select count(*) into v_count
    from market_data.listing_flags as f
    join market_data.listings as l on l.id = f.listing_id
    where f.listing_id = p_listing
        and f.closed_at is null
        and l.status <> 'pending';
    if v_count > 0 then
        perform market.listing_flags_close(p_actor, p_listing, 'dismissed');
        perform ops.audit_write(
            p_actor, 'moderation.flags_dismiss', 'listing', p_listing::text,
            jsonb_build_object('count', v_count));
    end if;
    return query select p_listing, v_count;
end
$$;

comment on function market.moderation_flags_dismiss(bigint, bigint) is
    'A moderator finds nothing wrong with a listing that people flagged; tells how many flags were '
    'open. Raises: actor_unknown, actor_blocked, role_required, listing_unknown, '
    'moderation_own_listing.';

grant execute on function market.moderation_flags_dismiss(bigint, bigint) to kardan_bot;
