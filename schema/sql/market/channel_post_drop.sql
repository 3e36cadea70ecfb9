-- A step: messages of a post that is there already are deleted: Telegram allows that for 48 hours,
-- and later a sender can only make them say nothing. Told once, however often they are seen. The
-- caller has locked the post.
create or replace function market.channel_post_drop(p_post bigint, p_messages bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform notify.post(
        c.chat_id, 'channel.delete', format('channel_post:%s:drop:%s', p_post, p_messages[1]),
        p.posted_at, jsonb_build_object(
            'post_id', p_post, 'message_ids', p_messages,
            'delete_until', ops.clock_now() + interval '48 hours'))
    from market_data.channel_posts as p
    join market_data.channels as c on c.id = p.channel_id
    where p.id = p_post
        and p_messages <> '{}'
        -- The outbox takes nothing older, and by then nobody sends it a second time.
        and p.posted_at > ops.clock_now() - interval '80 days';
end
$$;

comment on function market.channel_post_drop(bigint, bigint[]) is
    'Step: has messages deleted that repeat a post. Raises: nothing.';
