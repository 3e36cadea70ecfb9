-- Guarantees: listings that are published from now on go to the channel when they match one of its
-- rules, which are given side by side (0: any); what was published before does not. A channel that
-- was deleted comes back with its posts, which are looked at again. Audited. Locks the channel that
-- comes back. A repeat is refused as one that is there.
create or replace function market.channel_create(
    p_actor bigint,
    p_chat bigint,
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
    v_channel bigint;
begin
    perform people.actor_require(p_actor, 'admin');
    v_channel := market.channel_open(
        p_actor, p_chat, p_discussion_chat, btrim(p_title), p_language, p_is_enabled);
    perform market.channel_rules_store(v_channel, p_categories, p_places, p_regions);
    perform ops.audit_write(
        p_actor, 'channel.create', 'channel', v_channel::text,
        jsonb_build_object('chat_id', p_chat));

    return query
    select
        w.channel_id, w.chat_id, w.discussion_chat_id, w.title, w.language, w.is_enabled,
        w.category_ids, w.place_ids, w.region_place_ids, w.created_by, w.created_at, w.updated_at,
        w.version
    from market.channel_rows as w
    where w.channel_id = v_channel;
end
$$;

comment on function market.channel_create(
    bigint, bigint, bigint, text, text, boolean, bigint[], bigint[], bigint[]) is
    'An administrator has listings published in a channel of Telegram; its group may be null. A '
    'rule names a category, and a place or any place of the region of one; 0 is any. Raises: '
    'actor_unknown, actor_blocked, role_required, channel_chat_taken, channel_discussion_taken, '
    'channel_chat_sign, channel_chats_differ, channel_title_length, channel_language_known, '
    'channel_rules_uneven, channel_rule_place_or_region, channel_rule_category_known, '
    'channel_rule_place_known, channel_rule_region_known.';

grant execute on function market.channel_create(
    bigint, bigint, bigint, text, text, boolean, bigint[], bigint[], bigint[])
to kardan_api, kardan_bot;
