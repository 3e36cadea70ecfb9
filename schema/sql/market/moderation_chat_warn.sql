-- Guarantees: whoever wrote the message is warned, once for a message, and a person is told, with
-- the number of their warnings. Audited. Locks the message. Idempotent by the message: a repeat
-- says what was said.
create or replace function market.moderation_chat_warn(
    p_actor bigint,
    p_message uuid,
    p_reason text
)
returns table (
    warning_id bigint,
    user_id bigint,
    telegram_id bigint,
    listing_id bigint,
    message_id uuid,
    reason text,
    warned_by bigint,
    warned_at timestamptz,
    warning_count bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row record;
    v_warning bigint;
begin
    perform people.actor_require(p_actor, 'moderator');
    select k.listing_id, k.author_id, k.author_telegram_id into v_row
    from market.message_lock(p_message) as k;
    perform market.message_require(found);
    perform market.chat_author_require(v_row.author_id);

    insert into market_data.chat_warnings (
        user_id, telegram_id, listing_id, message_id, reason, warned_by, warned_at)
    values (
        v_row.author_id, v_row.author_telegram_id, v_row.listing_id, p_message, btrim(p_reason),
        p_actor, ops.clock_now())
    on conflict on constraint chat_warning_once do nothing
    returning id into v_warning;
    perform market.chat_warning_tell(v_warning) where v_warning is not null;

    return query
    select w.id, w.user_id, w.telegram_id, w.listing_id, w.message_id, w.reason, w.warned_by,
        w.warned_at, market.chat_warning_number(w.user_id, w.telegram_id)
    from market_data.chat_warnings as w
    where w.message_id = p_message;
end
$$;

comment on function market.moderation_chat_warn(bigint, uuid, text) is
    'A moderator warns the author of a message. warning_count: how many warnings they have; '
    'user_id or telegram_id is null. Raises: actor_unknown, actor_blocked, role_required, '
    'message_unknown, moderator_not_muted, chat_warning_reason_length.';

grant execute on function market.moderation_chat_warn(bigint, uuid, text)
    to kardan_api, kardan_bot;
