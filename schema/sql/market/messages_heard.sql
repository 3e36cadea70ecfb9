-- A step of notify.outbox_close, in the transaction of a sender's answer, so that no crash comes
-- between an answer and its record: what became of messages to channels and groups. Locks the posts
-- by number, then the messages of chats by id.
create or replace function market.messages_heard(
    p_ids bigint[],
    p_chats bigint[],
    p_outcomes text[],
    p_results jsonb[],
    p_data jsonb[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_heard record;
begin
    for v_heard in
        select p.id, h.outcome, market.message_numbers(h.result) as messages
        from unnest(p_ids, p_outcomes, p_results) as h (id, outcome, result)
        join market_data.channel_posts as p on p.notice_id = h.id
        order by p.id
        for no key update of p
    loop
        perform market.channel_post_record(v_heard.id, v_heard.outcome = 'sent', v_heard.messages);
    end loop;

    perform market.chat_copy_record(h.message_id, h.chat_id, h.messages)
    from (
        select (u.data ->> 'message_id')::uuid as message_id, u.chat_id,
            market.message_numbers(u.result) as messages
        from unnest(p_chats, p_outcomes, p_results, p_data) as u (chat_id, outcome, result, data)
        where u.outcome = 'sent'
            -- A repeated message of a chat, and nothing else, has a root.
            and u.data ? 'root_message_id'
        order by 1, 2
    ) as h;
end
$$;

comment on function market.messages_heard(bigint[], bigint[], text[], jsonb[], jsonb[]) is
    'Step: what became of messages to channels and groups. Raises: nothing.';
