-- A step: tells those whom a new message concerns: its listing's people, not more often than they
-- read (market.chat_told), whoever it answers, those who listen for the listing or watch it, and
-- the groups where it is talked about, but for the one where it was written. What is hidden is told
-- to nobody. The caller has locked the chat. Locks nothing.
create or replace function market.message_tell(p_message uuid, p_chat bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row record;
    v_answered bigint;
    v_told bigint[];
    v_data jsonb;
begin
    select w.listing_id, w.sent_at, w.author_id, w.author_name, w.is_seller, w.text, w.reply_to,
        w.state, l.owner_user_id, l.owner_shop_id, l.title
    into v_row
    from market.message_rows as w
    join market_data.listings as l on l.id = w.listing_id
    where w.message_id = p_message
        and w.sent_at >= ops_data.uuid_v7_time(p_message)
        and w.sent_at < ops_data.uuid_v7_time(p_message) + interval '1 millisecond';
    if v_row.state <> 'visible' then
        return;
    end if;
    select m.author_id into v_answered
    from market_data.chat_messages as m
    where m.id = v_row.reply_to
        and m.sent_at >= ops_data.uuid_v7_time(v_row.reply_to)
        and m.sent_at < ops_data.uuid_v7_time(v_row.reply_to) + interval '1 millisecond';
    v_data := jsonb_build_object(
        'listing_id', v_row.listing_id, 'shop_id', v_row.owner_shop_id,
        'user_id', v_row.author_id, 'title', v_row.title, 'message_id', p_message);

    perform notify.announce(
        'chat.message', array[v_row.owner_user_id, v_answered], v_row.owner_shop_id,
        v_row.sent_at, v_data);
    perform notify.announce_listing(
        'listing.message', v_row.listing_id, v_row.sent_at,
        jsonb_build_object('message_id', p_message, 'user_id', v_row.author_id));
    perform market.message_mirror(p_message, p_chat);
    v_data := v_data
        || jsonb_build_object('name', v_row.author_name, 'text', left(v_row.text, 500));
    v_told := market.chat_told(v_row.listing_id, v_row.is_seller);
    perform notify.tell(
        v_told, 'chat.message', 'chat.message:' || p_message, v_row.sent_at, v_data);
    perform notify.tell(
        array[v_answered], 'chat.reply', 'chat.reply:' || p_message, v_row.sent_at, v_data)
    where v_answered <> all (v_told || array_remove(array[v_row.author_id], null));
end
$$;

comment on function market.message_tell(uuid, bigint) is
    'Step: tells whom a new message concerns; the chat is the group where it was written, or null. '
    'Raises: nothing.';
