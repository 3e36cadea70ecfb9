-- Guarantees: a message of Telegram that answers a post of ours is stored once, however often it
-- comes; people see it on the site, in the API and in the other groups. What comes while the chat
-- is off, from somebody who is muted or blocked, or with what is forbidden, is stored, hidden, and
-- deleted in Telegram at once. Locks the chat. Idempotent by the number of the message there.
create or replace function market.message_take(
    p_chat bigint,
    p_message bigint,
    p_root_message bigint,
    p_telegram_id bigint,
    p_name text,
    p_text text,
    p_at timestamptz,
    p_reply_message bigint,
    p_reply_at timestamptz
)
returns table (
    message_id uuid,
    listing_id bigint,
    state text,
    is_new boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_author constant bigint := people.telegram_owner(p_telegram_id);
    v_text constant text := left(coalesce(p_text, ''), 4096);
    v_reply_at constant timestamptz := greatest(p_reply_at, '2020-01-01 00:00:00+00');
    v_listing bigint;
    v_message uuid;
    v_why text;
    v_is_new boolean;
begin
    v_listing := market.message_listing(p_chat, p_message, p_root_message, p_telegram_id, p_at);
    if v_listing is null then
        return;
    end if;
    perform market.chat_lock(v_listing);
    v_message := market.copy_find(p_chat, p_message, p_at, p_at);
    v_is_new := v_message is null;

    if v_is_new then
        v_why := market.message_why_hidden(v_listing, v_author, p_telegram_id, v_text);
        v_message := market.message_store(
            v_listing, p_at, 'telegram', v_author, p_telegram_id, left(coalesce(p_name, ''), 128),
            v_text,
            market.copy_find(
                p_chat, p_reply_message, v_reply_at - interval '15 days',
                v_reply_at + interval '1 minute'),
            v_why);
        insert into market_data.chat_copies (chat_id, telegram_message_id, sent_at, message_id)
        values (p_chat, p_message, p_at, v_message);
        perform market.message_tell(v_message, p_chat);
        perform market.message_unsend(v_message) where v_why is not null;
    end if;

    return query
    select m.id, m.listing_id, m.state, v_is_new
    from market_data.chat_messages as m
    where m.id = v_message
        and m.sent_at = p_at;
end
$$;

comment on function market.message_take(
    bigint, bigint, bigint, bigint, text, text, timestamptz, bigint, timestamptz) is
    'What somebody wrote in a group beneath a post: the group and the message, the message that '
    'the thread hangs on, who it is in Telegram and under which name, the text, Telegram''s time, '
    'and which message it answers, or null. No row: it is beneath no post that is known yet. '
    'Raises: chat_message_time_near.';

grant execute on function market.message_take(
    bigint, bigint, bigint, bigint, text, text, timestamptz, bigint, timestamptz)
to kardan_bot, kardan_worker;
