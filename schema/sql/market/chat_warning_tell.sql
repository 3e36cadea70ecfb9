-- A step: tells a person that they are warned, and writes it into the audit. Locks nothing.
create or replace function market.chat_warning_tell(p_warning bigint)
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
    select w.user_id, w.telegram_id, w.listing_id, w.message_id, w.reason, w.warned_by,
        w.warned_at, l.title
    into v_row
    from market_data.chat_warnings as w
    join market_data.listings as l on l.id = w.listing_id
    where w.id = p_warning;
    v_data := jsonb_build_object(
        'listing_id', v_row.listing_id, 'message_id', v_row.message_id, 'reason', v_row.reason,
        'count', market.chat_warning_number(v_row.user_id, v_row.telegram_id));

    perform ops.audit_write(
        v_row.warned_by, 'chat.warn', 'user',
        coalesce(v_row.user_id::text, 'telegram:' || v_row.telegram_id), v_data);
    perform notify.tell(
        array_remove(array[v_row.user_id], null), 'chat.warning', 'chat.warning:' || p_warning,
        v_row.warned_at, v_data || jsonb_build_object('title', v_row.title));
end
$$;

comment on function market.chat_warning_tell(bigint) is
    'Step: tells a person that they are warned. Raises: nothing.';
