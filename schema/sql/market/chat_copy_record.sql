-- A step: where a repeated message stands in Telegram, as its sender answered. What was deleted or
-- hidden meanwhile is deleted there. Of two senders that repeated it both copies are known. Locks
-- the message against a deletion at the same moment.
create or replace function market.chat_copy_record(
    p_message uuid,
    p_chat bigint,
    p_messages bigint[]
)
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
    select m.sent_at, m.state into v_row
    from market_data.chat_messages as m
    where m.id = p_message
        and m.sent_at >= v_from
        and m.sent_at < v_from + interval '1 millisecond'
    for no key update;
    if not found then
        return;
    end if;

    insert into market_data.chat_copies (chat_id, telegram_message_id, sent_at, message_id)
    select p_chat, t.id, v_row.sent_at, p_message
    from unnest(p_messages) as t (id)
    on conflict do nothing;
    if v_row.state <> 'visible' then
        perform market.message_unsend(p_message);
    end if;
end
$$;

comment on function market.chat_copy_record(uuid, bigint, bigint[]) is
    'Step: where a repeated message stands in Telegram. Raises: nothing.';
