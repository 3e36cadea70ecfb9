-- Guarantees: the right holds no longer; the history keeps it. Audited. Locks the right. Idempotent
-- by state.
create or replace function market.chat_right_revoke(p_actor bigint, p_right bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user bigint;
begin
    perform people.actor_require(p_actor, 'admin');
    update market_data.chat_rights as r
    set revoked_at = ops.clock_now(), revoked_by = p_actor
    where r.id = p_right
        and r.revoked_at is null
    returning r.user_id into v_user;
    if found then
        perform ops.audit_write(
            p_actor, 'chat.right_revoke', 'user', v_user::text,
            jsonb_build_object('right_id', p_right));
    end if;
end
$$;

comment on function market.chat_right_revoke(bigint, bigint) is
    'An administrator takes back the right to delete messages. Raises: actor_unknown, '
    'actor_blocked, role_required.';

grant execute on function market.chat_right_revoke(bigint, bigint) to kardan_api, kardan_bot;
