-- Guarantees: whoever wrote the message says nothing any more, beneath this listing or anywhere,
-- until then; their messages in Telegram are hidden and deleted there. A person is told. Muting
-- anew takes the place of what was said of the same chat before. A moderator is not muted. Audited.
-- Locks the message, so that two at one moment come one after the other. Idempotent by state: who
-- says the same of the same message again hears what was said, and nobody is told twice.
create or replace function market.moderation_chat_mute(
    p_actor bigint,
    p_message uuid,
    p_everywhere boolean,
    p_until timestamptz,
    p_reason text
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
    muted_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_until constant timestamptz := coalesce(p_until, 'infinity');
    v_row record;
    v_mute bigint;
begin
    perform people.actor_require(p_actor, 'moderator');
    select k.listing_id, k.author_id, k.author_telegram_id,
        case when p_everywhere is not true then k.listing_id end as scope
    into v_row
    from market.message_lock(p_message) as k;
    perform market.message_require(found);
    perform market.chat_author_require(v_row.author_id);

    select m.id into v_mute
    from market_data.chat_mutes as m
    where (m.user_id = v_row.author_id or m.telegram_id = v_row.author_telegram_id)
        and m.lifted_at is null
        and (m.message_id, m.muted_by, m.until, m.reason)
            = (p_message, p_actor, v_until, btrim(p_reason))
        and m.listing_id is not distinct from v_row.scope;
    if v_mute is null then
        update market_data.chat_mutes as m
        set lifted_at = least(m.until, v_now), lifted_by = p_actor
        where (m.user_id = v_row.author_id or m.telegram_id = v_row.author_telegram_id)
            and m.listing_id is not distinct from v_row.scope
            and m.lifted_at is null;
        insert into market_data.chat_mutes (
            user_id, telegram_id, listing_id, message_id, until, reason, muted_by, muted_at)
        values (
            v_row.author_id, v_row.author_telegram_id, v_row.scope, p_message, v_until,
            btrim(p_reason), p_actor, v_now)
        returning id into v_mute;
        perform market.chat_mute_tell(v_mute);
    end if;

    return query
    select m.id, m.user_id, m.telegram_id, m.listing_id, m.message_id,
        nullif(m.until, 'infinity'), m.reason, m.muted_by, m.muted_at
    from market_data.chat_mutes as m
    where m.id = v_mute;
end
$$;

comment on function market.moderation_chat_mute(bigint, uuid, boolean, timestamptz, text) is
    'A moderator lets the author of a message say nothing, here or everywhere, until then (null: '
    'until lifted). user_id is null for somebody without an account, listing_id: everywhere. '
    'Raises: actor_unknown, actor_blocked, role_required, message_unknown, moderator_not_muted, '
    'chat_mute_until_is_later, chat_mute_reason_length.';

grant execute on function market.moderation_chat_mute(bigint, uuid, boolean, timestamptz, text)
    to kardan_api, kardan_bot;
