-- Guarantees: the message is seen by nobody any more, here and, within 48 hours, in Telegram.
-- Audited. Locks the message. Idempotent by state.
create or replace function market.moderation_message_delete(
    p_actor bigint,
    p_message uuid,
    p_reason text
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
    v_listing bigint;
begin
    perform people.actor_require(p_actor, 'moderator');
    select k.listing_id into v_listing from market.message_lock(p_message) as k;
    perform market.message_require(found);
    perform market.message_remove(p_actor, p_message, false, p_reason);
    return query select p_message, v_listing, 'deleted';
end
$$;

comment on function market.moderation_message_delete(bigint, uuid, text) is
    'A moderator deletes a message; the reason may be null. Raises: actor_unknown, actor_blocked, '
    'role_required, message_unknown, chat_message_why_length.';

grant execute on function market.moderation_message_delete(bigint, uuid, text)
    to kardan_api, kardan_bot;
