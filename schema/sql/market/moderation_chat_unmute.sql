-- Guarantees: the mute holds no longer; the history keeps it. What was hidden meanwhile stays
-- hidden. Audited. Locks the mute. Idempotent by state.
create or replace function market.moderation_chat_unmute(p_actor bigint, p_mute bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_who text;
begin
    perform people.actor_require(p_actor, 'moderator');
    update market_data.chat_mutes as m
    set lifted_at = ops.clock_now(), lifted_by = p_actor
    where m.id = p_mute
        and m.lifted_at is null
        and m.until > ops.clock_now()
    returning coalesce(m.user_id::text, 'telegram:' || m.telegram_id) into v_who;
    if found then
        perform ops.audit_write(
            p_actor, 'chat.unmute', 'user', v_who, jsonb_build_object('mute_id', p_mute));
    end if;
end
$$;

comment on function market.moderation_chat_unmute(bigint, bigint) is
    'A moderator lets somebody talk again. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_chat_unmute(bigint, bigint) to kardan_api, kardan_bot;
