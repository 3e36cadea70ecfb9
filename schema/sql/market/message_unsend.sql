-- A step: a message that is not to be seen any more goes from Telegram, too: a copy that waits for
-- a sender is taken back, and what was sent within 48 hours is deleted; Telegram allows no more.
-- The caller has locked the message. Told once, however often. Locks rows of the queue without
-- waiting.
create or replace function market.message_unsend(p_message uuid)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from constant timestamptz := ops_data.uuid_v7_time(p_message);
    v_row record;
begin
    select m.listing_id, m.sent_at into v_row
    from market_data.chat_messages as m
    where m.id = p_message
        and m.sent_at >= v_from
        and m.sent_at < v_from + interval '1 millisecond';
    if v_row.sent_at <= ops.clock_now() - interval '48 hours' then
        return;
    end if;

    perform notify.post_take_back(p.root_chat_id, v_row.sent_at, 'chat.mirror:' || p_message)
    from market_data.channel_posts as p
    where p.listing_id = v_row.listing_id
        and p.root_chat_id is not null;
    perform notify.post(
        k.chat_id, 'chat.delete', format('chat.delete:%s:%s', p_message, k.telegram_message_id),
        v_row.sent_at, jsonb_build_object(
            'message_ids', array[k.telegram_message_id], 'message_id', p_message,
            'delete_until', v_row.sent_at + interval '48 hours'))
    from market_data.chat_copies as k
    where k.message_id = p_message
        and k.sent_at = v_row.sent_at;
end
$$;

comment on function market.message_unsend(uuid) is
    'Step: has a message deleted in Telegram, while Telegram allows it. Raises: nothing.';
