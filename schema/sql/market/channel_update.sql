-- Guarantees: the channel is what the call says, as a whole. What is published from now on goes by
-- its new rules; nothing is posted that was published before, and posts that are there stay and
-- follow their listings. Audited. Locks the channel. Idempotent by state: asking for what already
-- is changes nothing, and the version stays.
create or replace function market.channel_update(
    p_actor bigint,
    p_channel bigint,
    p_version integer,
    p_discussion_chat bigint,
    p_title text,
    p_language text,
    p_is_enabled boolean,
    p_categories bigint[],
    p_places bigint[],
    p_regions bigint[]
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
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_new boolean;
begin
    perform market.channel_lock(p_actor, p_channel, p_version);
    v_is_new := market.channel_rules_store(p_channel, p_categories, p_places, p_regions);
    update market_data.channels as c
    set discussion_chat_id = p_discussion_chat, title = btrim(p_title), language = p_language,
        is_enabled = p_is_enabled, updated_at = ops.clock_now()
    where c.id = p_channel
        and (v_is_new
            or (c.discussion_chat_id, c.title, c.language, c.is_enabled)
                is distinct from (p_discussion_chat, btrim(p_title), p_language, p_is_enabled));
    if found then
        perform ops.audit_write(p_actor, 'channel.update', 'channel', p_channel::text, '{}');
    end if;

    return query
    select
        w.channel_id, w.chat_id, w.discussion_chat_id, w.title, w.language, w.is_enabled,
        w.category_ids, w.place_ids, w.region_place_ids, w.created_by, w.created_at, w.updated_at,
        w.version
    from market.channel_rows as w
    where w.channel_id = p_channel;
end
$$;

comment on function market.channel_update(
    bigint, bigint, integer, bigint, text, text, boolean, bigint[], bigint[], bigint[]) is
    'An administrator changes what goes to a channel; a null version is not compared. In one that '
    'is not enabled nothing new is published. Raises: actor_unknown, actor_blocked, role_required, '
    'channel_unknown, version_stale, channel_discussion_taken, channel_chat_sign, '
    'channel_chats_differ, channel_title_length, channel_language_known, channel_rules_uneven, '
    'channel_rule_place_or_region, channel_rule_category_known, channel_rule_place_known, '
    'channel_rule_region_known.';

grant execute on function market.channel_update(
    bigint, bigint, integer, bigint, text, text, boolean, bigint[], bigint[], bigint[])
to kardan_api, kardan_bot;
