-- A step: what a sender answered for a post: sent, with the numbers of messages, or given up. The
-- first messages that are known are the post; any others that come to light, because a sender died
-- between sending and answering and the next one sent it again, are deleted. What was given up is
-- left until its listing changes again. The caller has locked the post.
create or replace function market.channel_post_record(
    p_post bigint,
    p_is_sent boolean,
    p_messages bigint[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_known constant bigint[] := (
        select p.message_ids from market_data.channel_posts as p where p.id = p_post);
    -- All messages of an album, where one of them was known; else what was known first.
    v_messages constant bigint[] := case
        when v_known = '{}' or p_messages @> v_known then p_messages
        else v_known
    end;
    v_is_shown constant boolean := p_is_sent and v_messages <> '{}';
begin
    update market_data.channel_posts as p
    set message_ids = case when v_is_shown then v_messages else p.message_ids end,
        posted_at = case when v_is_shown then coalesce(p.posted_at, v_now) else p.posted_at end,
        shown_look = case when v_is_shown then p.sent_look else p.shown_look end,
        shown_value = case when v_is_shown then p.sent_value else p.shown_value end,
        due_at = case when v_is_shown then v_now else p.due_at end,
        notice_id = null, notice_at = null, sent_look = null, sent_value = null
    where p.id = p_post;

    if p_is_sent and not p_messages && v_messages then
        perform market.channel_post_drop(p_post, p_messages);
    end if;
end
$$;

comment on function market.channel_post_record(bigint, boolean, bigint[]) is
    'Step: what a sender answered for a post. Raises: nothing.';
