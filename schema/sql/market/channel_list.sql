-- Reads channels with their rules, in the order in which they were made. Locks nothing.
create or replace function market.channel_list(
    p_actor bigint,
    p_limit integer,
    p_after bigint
)
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
    where p_after is null or w.channel_id > p_after
    order by w.channel_id
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.channel_list(bigint, integer, bigint) is
    'Channels for administrators, 1 to 100 at a time (20), after the given one. Raises: '
    'actor_unknown, actor_blocked, role_required.';

grant execute on function market.channel_list(bigint, integer, bigint) to kardan_api, kardan_bot;
