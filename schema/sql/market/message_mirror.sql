-- A step: a message is repeated in every group where its listing is talked about, but for the one
-- where it was written, as an answer to the copy there of what it answers. Locks nothing.
create or replace function market.message_mirror(p_message uuid, p_chat bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row record;
    v_reply_from timestamptz;
begin
    select w.listing_id, w.sent_at, w.author_name, w.is_seller, w.text, w.reply_to into v_row
    from market.message_rows as w
    where w.message_id = p_message
        and w.sent_at >= ops_data.uuid_v7_time(p_message)
        and w.sent_at < ops_data.uuid_v7_time(p_message) + interval '1 millisecond';
    v_reply_from := ops_data.uuid_v7_time(v_row.reply_to);

    perform notify.post(
        p.root_chat_id, 'chat.mirror', 'chat.mirror:' || p_message, v_row.sent_at,
        jsonb_build_object(
            'message_id', p_message, 'listing_id', v_row.listing_id, 'language', c.language,
            'root_message_id', p.root_message_id, 'name', v_row.author_name,
            'is_seller', v_row.is_seller, 'text', v_row.text,
            'reply_to', (
                select k.telegram_message_id
                from market_data.chat_copies as k
                where k.message_id = v_row.reply_to
                    and k.chat_id = p.root_chat_id
                    and k.sent_at >= v_reply_from
                    and k.sent_at < v_reply_from + interval '1 millisecond'
                limit 1)))
    from market_data.channel_posts as p
    join market_data.channels as c on c.id = p.channel_id
    where p.listing_id = v_row.listing_id
        and p.root_message_id is not null
        and p.root_chat_id is distinct from p_chat
        and c.deleted_at is null;
end
$$;

comment on function market.message_mirror(uuid, bigint) is
    'Step: repeats a message in the groups where its listing is talked about. Raises: nothing.';
