-- Guarantees: the message is seen by nobody any more, here and, within 48 hours, in Telegram.
-- Whoever wrote it may do so, and who has the right from an administrator. Audited, unless it is
-- one's own. Locks the message. Idempotent by state: who deletes again hears the same.
create or replace function market.message_delete(p_actor bigint, p_message uuid, p_reason text)
returns table (
    message_id uuid,
    listing_id bigint,
    state text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row record;
    v_is_own boolean;
begin
    perform people.actor_require(p_actor, 'user');
    select k.listing_id, k.author_id, k.state into v_row
    from market.message_lock(p_message) as k;
    v_is_own := coalesce(v_row.author_id = p_actor, false);
    if not v_is_own and not market.chat_right_has(p_actor, v_row.listing_id) then
        if v_row.state = 'visible' and market.chat_readable(v_row.listing_id) then
            raise exception using
                errcode = 'ZDENY', constraint = 'chat_right_required',
                message = 'deleting what others wrote needs a right from an administrator';
        end if;
        v_row.state := null;
    end if;
    perform market.message_require(v_row.state is not null);
    perform market.message_remove(p_actor, p_message, v_is_own, p_reason);
    return query select p_message, v_row.listing_id, 'deleted';
end
$$;

comment on function market.message_delete(bigint, uuid, text) is
    'A person deletes what they wrote, or what others wrote where an administrator lets them; the '
    'reason may be null. Raises: actor_unknown, actor_blocked, message_unknown, '
    'chat_right_required, chat_message_why_length.';

grant execute on function market.message_delete(bigint, uuid, text) to kardan_api, kardan_bot;
