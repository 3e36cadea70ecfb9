-- A step: compares a post with its listing and tells a sender what is to be done, if anything.
-- While a sender has not answered for the last message, there is no other one: what nobody has
-- begun to send is taken back, and otherwise the answer makes the post due again. So however often
-- something changes, a channel sees what came of it in the end. The caller has locked the post.
create or replace function market.channel_post_advance(p_post bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_post record;
    v_look text;
    v_value jsonb;
    v_kind text;
begin
    update market_data.channel_posts as p
    set due_at = null
    from market_data.channels as c
    where p.id = p_post
        and c.id = p.channel_id
    returning p.listing_id, p.channel_id, p.shown_look, p.shown_value, p.notice_at, p.sent_look,
        p.sent_value, p.turn + 1 as turn, p.message_ids, c.chat_id, c.language, c.deleted_at
    into v_post;
    v_look := market.listing_look(v_post.listing_id);
    v_value := market.channel_post_value(v_post.listing_id);
    if v_post.deleted_at is not null then
        return;
    end if;

    if v_post.notice_at is not null
        and (v_look = 'kept'
            or market.channel_post_kind(
                v_post.sent_look, v_post.sent_value, v_look, v_value) is null
            or not notify.post_take_back(
                v_post.chat_id, v_post.notice_at,
                format('channel_post:%s:%s', p_post, v_post.turn - 1)))
    then
        return;
    end if;
    v_kind := market.channel_post_kind(v_post.shown_look, v_post.shown_value, v_look, v_value);
    if v_kind is null then
        return;
    end if;

    update market_data.channel_posts as p
    set sent_look = v_look, sent_value = v_value, turn = v_post.turn, notice_at = v_now,
        notice_id = notify.post(
            v_post.chat_id, v_kind, format('channel_post:%s:%s', p_post, v_post.turn), v_now,
            jsonb_build_object(
                'post_id', p_post, 'channel_id', v_post.channel_id,
                'listing_id', v_post.listing_id, 'language', v_post.language, 'look', v_look,
                'value', v_value, 'message_ids', v_post.message_ids))
    where p.id = p_post;
end
$$;

comment on function market.channel_post_advance(bigint) is
    'Step: tells a sender what a post is to show, when it shows something else. Raises: nothing.';
