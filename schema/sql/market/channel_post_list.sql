-- Guarantees: the posts of a listing in channels, at most 100, for its people and moderators. Locks
-- nothing.
create or replace function market.channel_post_list(p_actor bigint, p_listing bigint)
returns table (
    post_id bigint,
    channel_id bigint,
    channel_title text,
    chat_id bigint,
    look text,
    message_ids bigint[],
    posted_at timestamptz,
    is_waiting boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.listing_reader_require(p_actor, p_listing);

    return query
    select p.id, p.channel_id, c.title, c.chat_id, p.shown_look, p.message_ids, p.posted_at,
        p.notice_id is not null or p.due_at is not null
    from market_data.channel_posts as p
    join market_data.channels as c on c.id = p.channel_id
    where p.listing_id = p_listing
    order by p.channel_id
    limit 100;
end
$$;

comment on function market.channel_post_list(bigint, bigint) is
    'For the owner, members of the shop and moderators: where a listing is posted and what each '
    'post shows: live, reserved, sold or withdrawn; look and posted_at are null before it is '
    'posted. is_waiting: something of it is still to be shown. Raises: actor_unknown, '
    'listing_unknown, listing_not_yours.';

grant execute on function market.channel_post_list(bigint, bigint) to kardan_api, kardan_bot;
