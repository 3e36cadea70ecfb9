-- Guarantees: which of our messages a message of Telegram is, if it was written between two times;
-- else null. Reads the partitions of these times.
create or replace function market.copy_find(
    p_chat bigint,
    p_message bigint,
    p_from timestamptz,
    p_to timestamptz
)
returns uuid
language sql
stable
parallel safe
return (
    select k.message_id
    from market_data.chat_copies as k
    where k.chat_id = p_chat
        and k.telegram_message_id = p_message
        and k.sent_at between p_from and p_to
    limit 1
);

comment on function market.copy_find(bigint, bigint, timestamptz, timestamptz) is
    'Helper: which message a message of Telegram is, or null. Raises: nothing.';
