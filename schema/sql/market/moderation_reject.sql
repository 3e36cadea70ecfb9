-- Guarantees: the listing goes back to its author with a ready reason and the moderator's words;
-- the item is closed, and what people flagged is upheld. Locks the listing, then the item. The same
-- rejection repeated by the same moderator changes nothing; another reason or note is another
-- decision.
create or replace function market.moderation_reject(
    p_actor bigint,
    p_item bigint,
    p_reason text,
    p_note text,
    p_version integer
)
returns table (
    item_id bigint,
    listing_id bigint,
    status text,
    version integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_note constant text := nullif(btrim(p_note), '');
    v_listing bigint;
    v_is_repeated boolean;
begin
    select
        k.listing_id,
        (k.decision, k.decided_by, k.reason, k.note)
            is not distinct from ('rejected', p_actor, p_reason, v_note)
    into v_listing, v_is_repeated
    from market.moderation_item_lock(p_actor, p_item) as k;

    if not v_is_repeated then
        perform market.moderation_claim_require(p_actor, p_item, p_version);
        if not exists (
            select from market_data.moderation_reasons as r
            where r.code = p_reason and r.archived_at is null
        ) then
            raise exception using
                errcode = 'ZINVL',
                constraint = 'moderation_reason_unknown',
                column = 'reason',
                message = 'there is no such ready reason: market.moderation_reason_list tells them';
        end if;

        update market_data.moderation_items as i
        set closed_at = v_now, decision = 'rejected', decided_by = p_actor,
            reason = p_reason, note = v_note, claimed_by = null, claimed_until = null
        where i.id = p_item;

        update market_data.listings as l
        set status = 'rejected', rejection_reason = p_reason, rejection_note = v_note,
            changed_by = p_actor, updated_at = v_now
        where l.id = v_listing;

        perform market.listing_flags_close(p_actor, v_listing, 'upheld');
        perform market.listing_tell(
            v_listing, 'listing.rejected', p_item::text, v_now,
            market.moderation_edits(p_item)
                || jsonb_build_object('reason', p_reason, 'note', v_note));
        perform ops.audit_write(
            p_actor, 'moderation.reject', 'listing', v_listing::text,
            jsonb_build_object('item_id', p_item, 'reason', p_reason));
    end if;

    return query
    select p_item, l.id, l.status, l.version
    from market_data.listings as l
    where l.id = v_listing;
end
$$;

comment on function market.moderation_reject(bigint, bigint, text, text, integer) is
    'A moderator sends a claimed listing back with a ready reason and, if they like, a note; '
    'version null: not looked at. Raises: actor_unknown, actor_blocked, role_required, '
    'moderation_item_unknown, moderation_own_listing, moderation_decided, claim_required, '
    'version_stale, moderation_reason_unknown, moderation_note_length, listing_move_illegal.';

grant execute on function market.moderation_reject(bigint, bigint, text, text, integer)
    to kardan_api, kardan_bot;
