-- Guarantees: a group of Telegram that has become a supergroup, with another number, is known by
-- it: what is said and posted goes there from now on, what waits for a sender too. Messages keep no
-- numbers when a group moves: threads beneath posts, posts and copies of messages that stood in the
-- old group are forgotten, so that nothing of the new one is answered, edited or deleted in their
-- place. Idempotent by state: a repeat finds nothing under the old number. Locks what
-- notify.chat_move locks, then channels, then posts.
create or replace function market.group_move(p_chat bigint, p_new_chat bigint)
returns table (
    moved_count integer,
    cancelled_count integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_told record;
begin
    if coalesce(p_chat >= 0 or p_new_chat >= 0 or p_chat = p_new_chat, true) then
        raise exception using
            errcode = 'ZINVL', constraint = 'group_numbers_differ',
            message = 'two different numbers below zero';
    end if;
    select m.moved_count, m.cancelled_count into v_told
    from notify.chat_move(p_chat, p_new_chat) as m;

    perform
    from market_data.channels as c
    where c.chat_id = p_chat or c.discussion_chat_id = p_chat
    order by c.id
    for no key update;
    perform
    from market_data.channel_posts as p
    where p.root_chat_id = p_chat
        or p.channel_id = (select c.id from market_data.channels as c where c.chat_id = p_chat)
    order by p.id
    for no key update;

    update market_data.channel_posts as p
    set root_chat_id = null, root_message_id = null
    where p.root_chat_id = p_chat;
    update market_data.channel_posts as p
    set message_ids = '{}', posted_at = null, shown_look = null, shown_value = null
    where p.channel_id = (select c.id from market_data.channels as c where c.chat_id = p_chat)
        and p.message_ids <> '{}';
    delete from market_data.chat_copies as k
    where k.chat_id = p_chat
        -- What is older is neither deleted nor answered any more.
        and k.sent_at > v_now - interval '16 days';

    -- Whoever has the new number already keeps it.
    update market_data.channels as c
    set chat_id = p_new_chat, updated_at = v_now
    where c.chat_id = p_chat
        and not exists (select from market_data.channels as t where t.chat_id = p_new_chat);
    update market_data.channels as c
    set updated_at = v_now,
        discussion_chat_id = case
            when not exists (
                select from market_data.channels as t where t.discussion_chat_id = p_new_chat)
            then p_new_chat
        end
    where c.discussion_chat_id = p_chat;

    return query select v_told.moved_count, v_told.cancelled_count;
end
$$;

comment on function market.group_move(bigint, bigint) is
    'A group of Telegram has another number now, as an update or an answer of Telegram says. Tells '
    'how many waiting messages go to it, and how many are told no more because they name messages '
    'of the old group. Raises: group_numbers_differ.';

grant execute on function market.group_move(bigint, bigint) to kardan_bot, kardan_worker;
