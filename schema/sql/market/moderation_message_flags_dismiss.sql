-- Guarantees: what people flagged in a message is dismissed, and the message is seen again, if
-- flags had hidden it; in Telegram it stays deleted. Whoever thinks otherwise deletes it, which
-- upholds the flags. Audited. Locks the message. Idempotent by state.
create or replace function market.moderation_message_flags_dismiss(
    p_actor bigint,
    p_message uuid
)
returns table (
    message_id uuid,
    listing_id bigint,
    state text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row record;
begin
    perform people.actor_require(p_actor, 'moderator');
    select k.listing_id, k.sent_at into v_row from market.message_lock(p_message) as k;
    perform market.message_require(found);

    update market_data.chat_flags as f
    set closed_at = ops.clock_now(), closed_by = p_actor, outcome = 'dismissed'
    where f.message_id = p_message
        and f.closed_at is null;
    if found then
        perform ops.audit_write(
            p_actor, 'chat.flags_dismiss', 'listing', v_row.listing_id::text,
            jsonb_build_object('message_id', p_message));
    end if;
    update market_data.chat_messages as m
    set state = 'visible', why = null, changed_at = ops.clock_now(), changed_by = p_actor
    where m.id = p_message
        and m.sent_at = v_row.sent_at
        and m.why = 'flags';
    if found then
        perform notify.announce_listing(
            'listing.message', v_row.listing_id, ops.clock_now(),
            jsonb_build_object('message_id', p_message));
    end if;

    return query
    select m.id, m.listing_id, m.state
    from market_data.chat_messages as m
    where m.id = p_message
        and m.sent_at = v_row.sent_at;
end
$$;

comment on function market.moderation_message_flags_dismiss(bigint, uuid) is
    'A moderator finds nothing wrong with a message that people flagged. Raises: actor_unknown, '
    'actor_blocked, role_required, message_unknown.';

grant execute on function market.moderation_message_flags_dismiss(bigint, uuid)
    to kardan_api, kardan_bot;
