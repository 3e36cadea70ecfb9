-- Guarantees: a waiting listing is a draft again and out of the queue; any other that nobody holds
-- pieces of is archived. Locks the membership, the listing, then the open check. Idempotent: what
-- is archived already is answered as it is, and so is the same person's repeat, with the version
-- that was read, of taking it from the queue: it does not go on to archive.
create or replace function market.listing_withdraw(
    p_actor bigint,
    p_listing bigint,
    p_version integer
)
returns table (listing_id bigint, status text, version integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_was record;
begin
    select e.status, e.version, e.updated_at
    into v_was
    from market.listing_editor_require(p_actor, p_listing) as e;

    if v_was.status <> 'archived'
        -- Without a version it is not known to be a repeat.
        and (
            v_was.version - 1 = p_version
            and market.listing_withdrawn_just(p_actor, p_listing, v_was.updated_at)
        ) is not true
    then
        perform market.listing_version_require(p_version, v_was.version);
        if market.listing_held(p_listing) then
            raise exception using
                errcode = 'ZCONF', constraint = 'listing_has_reservations',
                message = 'pieces of the listing are held for buyers: release or sell them first';
        end if;
        perform market.listing_move(
            p_actor, p_listing,
            case when v_was.status = 'pending' then 'withdrawn' else 'archived' end);
        update market_data.moderation_items as i
        set closed_at = v_now, decision = 'withdrawn'
        where i.listing_id = p_listing
            and i.closed_at is null;
    end if;

    return query
    select l.id, l.status, l.version
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_withdraw(bigint, bigint, integer) is
    'The owner or a member of the shop takes a listing back: from the queue to the drafts, from '
    'anywhere else to the archive. Raises: actor_unknown, actor_blocked, listing_unknown, '
    'listing_not_yours, version_stale, listing_has_reservations, listing_move_illegal.';

grant execute on function market.listing_withdraw(bigint, bigint, integer)
    to kardan_api, kardan_bot;
