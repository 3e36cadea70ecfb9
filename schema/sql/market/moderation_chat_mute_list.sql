-- Reads mutes, the newest first: of one person or of all, those that hold or all. Locks nothing.
create or replace function market.moderation_chat_mute_list(
    p_actor bigint,
    p_user bigint,
    p_is_open boolean,
    p_limit integer,
    p_after bigint
)
returns table (
    mute_id bigint,
    user_id bigint,
    telegram_id bigint,
    listing_id bigint,
    message_id uuid,
    until timestamptz,
    reason text,
    muted_by bigint,
    muted_at timestamptz,
    lifted_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');

    return query
    select m.id, m.user_id, m.telegram_id, m.listing_id, m.message_id,
        nullif(m.until, 'infinity'), m.reason, m.muted_by, m.muted_at, m.lifted_at
    from market_data.chat_mutes as m
    where (p_user is null or m.user_id = p_user)
        and (p_is_open is not true or (m.lifted_at is null and m.until > ops.clock_now()))
        and (p_after is null or m.id < p_after)
    order by m.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.moderation_chat_mute_list(
    bigint, bigint, boolean, integer, bigint) is
    'Who is to say nothing, 1 to 100 at a time (20), after the given one; is_open true: only what '
    'holds now. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_chat_mute_list(
    bigint, bigint, boolean, integer, bigint)
to kardan_api, kardan_bot;
