-- A step of market.channel_create: a channel that is new, or was deleted and is there again. What
-- has changed meanwhile shows in its posts. Gives its number. Locks the channel, then its posts.
create or replace function market.channel_open(
    p_actor bigint,
    p_chat bigint,
    p_discussion_chat bigint,
    p_title text,
    p_language text,
    p_is_enabled boolean
)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_channel bigint;
begin
    update market_data.channels as c
    set discussion_chat_id = p_discussion_chat, title = p_title, language = p_language,
        is_enabled = p_is_enabled, updated_at = v_now, deleted_at = null
    where c.chat_id = p_chat
        and c.deleted_at is not null
    returning c.id into v_channel;
    if found then
        update market_data.channel_posts as p
        set due_at = v_now
        where p.channel_id = v_channel;
        return v_channel;
    end if;

    insert into market_data.channels as c (
        chat_id, discussion_chat_id, title, language, is_enabled, created_by, created_at,
        updated_at)
    values (
        p_chat, p_discussion_chat, p_title, p_language, p_is_enabled, p_actor, v_now, v_now)
    returning c.id into v_channel;
    return v_channel;
end
$$;

comment on function market.channel_open(bigint, bigint, bigint, text, text, boolean) is
    'Step: a channel is there, for the first time or again, and its number. Raises: '
    'channel_chat_taken, channel_discussion_taken, channel_chat_sign, channel_chats_differ, '
    'channel_title_length, channel_language_known.';
