-- Reads warnings, of one person or of all, the newest first. Locks nothing.
create or replace function market.moderation_chat_warning_list(
    p_actor bigint,
    p_user bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    warning_id bigint,
    user_id bigint,
    telegram_id bigint,
    listing_id bigint,
    message_id uuid,
    reason text,
    warned_by bigint,
    warned_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');

    return query
    select w.id, w.user_id, w.telegram_id, w.listing_id, w.message_id, w.reason, w.warned_by,
        w.warned_at
    from market_data.chat_warnings as w
    where (p_user is null or w.user_id = p_user)
        and (p_after is null or w.id < p_after)
    order by w.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.moderation_chat_warning_list(bigint, bigint, integer, bigint) is
    'Warnings of moderators, of one person or of all, 1 to 100 at a time (20), after the given '
    'one. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_chat_warning_list(bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
