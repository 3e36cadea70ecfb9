-- A step: tells a person that a moderator lets them say nothing, and writes it into the audit.
-- Locks nothing.
create or replace function market.chat_mute_tell(p_mute bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row record;
    v_data jsonb;
begin
    select m.user_id, m.telegram_id, m.listing_id, m.message_id, m.reason, m.muted_by, m.muted_at,
        nullif(m.until, 'infinity') as until, l.title
    into v_row
    from market_data.chat_mutes as m
    left join market_data.listings as l on l.id = m.listing_id
    where m.id = p_mute;
    v_data := jsonb_build_object(
        'listing_id', v_row.listing_id, 'message_id', v_row.message_id, 'reason', v_row.reason,
        'until', v_row.until);

    perform ops.audit_write(
        v_row.muted_by, 'chat.mute', 'user',
        coalesce(v_row.user_id::text, 'telegram:' || v_row.telegram_id), v_data);
    perform notify.tell(
        array_remove(array[v_row.user_id], null), 'chat.muted', 'chat.muted:' || p_mute,
        v_row.muted_at, v_data || jsonb_build_object('title', v_row.title));
end
$$;

comment on function market.chat_mute_tell(bigint) is
    'Step: tells a person that they are to say nothing. Raises: nothing.';
