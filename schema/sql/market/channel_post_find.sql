-- Guarantees: where a post stands. A sender asks before it sends a post that somebody has begun to
-- send before: when there are messages, it sends nothing and answers with their numbers. Reads
-- only.
create or replace function market.channel_post_find(p_post bigint)
returns table (
    post_id bigint,
    listing_id bigint,
    chat_id bigint,
    message_ids bigint[],
    posted_at timestamptz,
    root_chat_id bigint,
    root_message_id bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.id, p.listing_id, c.chat_id, p.message_ids, p.posted_at, p.root_chat_id,
        p.root_message_id
    from market_data.channel_posts as p
    join market_data.channels as c on c.id = p.channel_id
    where p.id = p_post;
end
$$;

comment on function market.channel_post_find(bigint) is
    'Where a post stands, for senders: message_ids is empty and posted_at null while no message of '
    'it is known, the root is null until its forward was seen. No row when there is no such post. '
    'Raises: nothing.';

grant execute on function market.channel_post_find(bigint) to kardan_worker, kardan_bot;
