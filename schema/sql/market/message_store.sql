-- A step: a message is there, and its chat knows how far it reaches. Gives its number. The caller
-- has locked the chat.
create or replace function market.message_store(
    p_listing bigint,
    p_at timestamptz,
    p_source text,
    p_author bigint,
    p_telegram_id bigint,
    p_name text,
    p_text text,
    p_reply uuid,
    p_why text
)
returns uuid
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant uuid := ops_data.uuid_v7(p_at);
begin
    insert into market_data.chat_messages (
        id, sent_at, listing_id, source, author_id, author_telegram_id, author_name, text,
        reply_to, state, why)
    values (
        v_id, p_at, p_listing, p_source, p_author,
        case when p_author is null then p_telegram_id end,
        case when p_author is null then p_name end, p_text, p_reply,
        case when p_why is null then 'visible' else 'hidden' end, p_why);

    update market_data.chats as c
    set first_message_at = least(c.first_message_at, p_at),
        last_message_at = greatest(c.last_message_at, p_at)
    where c.listing_id = p_listing;
    return v_id;
end
$$;

comment on function market.message_store(
    bigint, timestamptz, text, bigint, bigint, text, text, uuid, text) is
    'Step: stores a message, hidden when it says why. Raises: chat_message_source_known, '
    'chat_message_text_length.';
