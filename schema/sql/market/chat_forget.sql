-- A step of erasure: what a person wrote beneath listings and to moderators is gone, from Telegram
-- too as long as Telegram allows; that something was said stays, for the answers of others. The
-- words of moderators about them go as well. Idempotent.
create or replace function market.chat_forget(p_actor bigint, p_user bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform market.message_unsend(m.id)
    from market_data.chat_messages as m
    where m.author_id = p_user
        and m.sent_at > v_now - interval '48 hours'
        and m.text <> '...';
    update market_data.chat_messages as m
    set text = '...', state = 'deleted', why = 'erased',
        changed_at = v_now, changed_by = coalesce(p_actor, p_user)
    where m.author_id = p_user
        and (m.text <> '...' or m.why is distinct from 'erased');
    update market_data.chat_flags as f
    set note = ''
    where f.user_id = p_user and f.note <> '';
    update market_data.listing_flags as f
    set note = ''
    where f.user_id = p_user and f.note <> '';
    update market_data.chat_warnings as w
    set reason = '...'
    where w.user_id = p_user and w.reason <> '...';
    update market_data.chat_mutes as m
    set reason = '...'
    where m.user_id = p_user and m.reason <> '...';
end
$$;

comment on function market.chat_forget(bigint, bigint) is
    'Step: takes away what a person wrote, and what was written of their behaviour. Raises: '
    'nothing.';
