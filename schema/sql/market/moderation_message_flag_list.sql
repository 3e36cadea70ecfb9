-- Guarantees: flags of messages for moderators, the newest first, in pages: the open ones, which is
-- the queue, or all, of one message or of all. Reads the partition of each message. Locks nothing.
create or replace function market.moderation_message_flag_list(
    p_actor bigint,
    p_message uuid,
    p_is_open boolean,
    p_limit integer,
    p_after bigint
)
returns table (
    flag_id bigint,
    message_id uuid,
    listing_id bigint,
    author_id bigint,
    author_name text,
    text text,
    state text,
    user_id bigint,
    reason text,
    note text,
    counts boolean,
    created_at timestamptz,
    closed_at timestamptz,
    outcome text,
    closed_by bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');

    return query
    select f.id, f.message_id, f.listing_id, w.author_id, w.author_name, w.text, w.state,
        f.user_id, f.reason, f.note, f.weight > 0, f.created_at, f.closed_at, f.outcome,
        f.closed_by
    from (
        select g.id, g.message_id, g.listing_id, g.user_id, g.reason, g.note, g.weight,
            g.created_at, g.closed_at, g.outcome, g.closed_by
        from market_data.chat_flags as g
        where (p_message is null or g.message_id = p_message)
            and (p_is_open is not true or g.closed_at is null)
            and (p_after is null or g.id < p_after)
        order by g.id desc
        limit least(greatest(coalesce(p_limit, 20), 1), 100)
    ) as f
    cross join lateral (
        select m.author_id, m.author_name, m.text, m.state
        from market.message_rows as m
        where m.message_id = f.message_id
            and m.sent_at >= ops_data.uuid_v7_time(f.message_id)
            and m.sent_at < ops_data.uuid_v7_time(f.message_id) + interval '1 millisecond'
    ) as w
    order by f.id desc;
end
$$;

comment on function market.moderation_message_flag_list(
    bigint, uuid, boolean, integer, bigint) is
    'What people flagged in chats, the newest first, 1 to 100 at a time (20), after the given '
    'flag. Null: author_id without an account; closed_at, outcome (dismissed, upheld) and '
    'closed_by while it is open. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_message_flag_list(
    bigint, uuid, boolean, integer, bigint)
to kardan_api, kardan_bot;
