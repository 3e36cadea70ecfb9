-- Reads a channel with its rules. Locks nothing.
create or replace function market.channel_get(p_actor bigint, p_channel bigint)
returns table (
    channel_id bigint,
    chat_id bigint,
    discussion_chat_id bigint,
    title text,
    language text,
    is_enabled boolean,
    category_ids bigint[],
    place_ids bigint[],
    region_place_ids bigint[],
    created_by bigint,
    created_at timestamptz,
    updated_at timestamptz,
    version integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select
        w.channel_id, w.chat_id, w.discussion_chat_id, w.title, w.language, w.is_enabled,
        w.category_ids, w.place_ids, w.region_place_ids, w.created_by, w.created_at, w.updated_at,
        w.version
    from market.channel_rows as w
    where w.channel_id = p_channel;
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'channel_unknown',
            message = 'there is no such channel';
    end if;
end
$$;

comment on function market.channel_get(bigint, bigint) is
    'A channel for administrators. discussion_chat_id is null without a group. Raises: '
    'actor_unknown, actor_blocked, role_required, channel_unknown.';

grant execute on function market.channel_get(bigint, bigint) to kardan_api, kardan_bot;
