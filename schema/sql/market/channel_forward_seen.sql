-- Guarantees: what the automatic forward of a channel's message into its discussion group tells: by
-- it a post is known although its sender died before it answered, and so is the message that people
-- answer to. A second message of the same post is deleted. Locks the post. Idempotent by state:
-- seen again, it says the same.
create or replace function market.channel_forward_seen(
    p_chat bigint,
    p_message bigint,
    p_root_chat bigint,
    p_root_message bigint,
    p_post bigint
)
returns table (
    post_id bigint,
    listing_id bigint,
    outcome text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post record;
    v_outcome text;
begin
    select p.id, p.listing_id, p.message_ids into v_post
    from market_data.channel_posts as p
    join market_data.channels as c on c.id = p.channel_id
    where p.id = p_post
        and c.chat_id = p_chat
    for no key update of p;
    if not found or (p_message > 0 and p_root_chat < 0 and p_root_message > 0) is not true then
        return;
    end if;

    v_outcome := case
        when v_post.message_ids = '{}' then 'recorded'
        when p_message = any (v_post.message_ids) then 'known'
        else 'duplicate'
    end;
    if v_outcome = 'duplicate' then
        perform market.channel_post_drop(p_post, array[p_message]);
    else
        update market_data.channel_posts as p
        set message_ids = case
                when v_outcome = 'recorded' then array[p_message] else p.message_ids end,
            posted_at = coalesce(p.posted_at, ops.clock_now()),
            -- What it shows is what a sender was told last, if that is known still.
            shown_look = coalesce(p.shown_look, p.sent_look, 'live'),
            shown_value = coalesce(p.shown_value, p.sent_value),
            due_at = coalesce(p.due_at, ops.clock_now()),
            root_chat_id = coalesce(p.root_chat_id, p_root_chat),
            root_message_id = coalesce(p.root_message_id, p_root_message)
        where p.id = p_post;
    end if;
    return query select v_post.id, v_post.listing_id, v_outcome;
end
$$;

comment on function market.channel_forward_seen(bigint, bigint, bigint, bigint, bigint) is
    'What an automatic forward says of a post, whose number stands in its link: the channel and '
    'the message there, the group and the message there. The outcome is recorded, known or '
    'duplicate, which is being deleted; no row when it is no post of ours. Raises: '
    'channel_post_root_once.';

grant execute on function market.channel_forward_seen(bigint, bigint, bigint, bigint, bigint)
    to kardan_bot, kardan_worker;
