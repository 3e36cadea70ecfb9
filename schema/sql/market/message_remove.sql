-- A step: a message is deleted, by whom and why, here and, while Telegram allows it, there. What
-- people flagged is upheld. The caller has locked the message and may do this. Tells whether it was
-- there. What a person deletes of others is audited.
create or replace function market.message_remove(
    p_actor bigint,
    p_message uuid,
    p_is_own boolean,
    p_reason text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_from constant timestamptz := ops_data.uuid_v7_time(p_message);
    v_why constant text := coalesce(nullif(btrim(p_reason), ''), 'deleted');
    v_listing bigint;
begin
    update market_data.chat_messages as m
    set state = 'deleted', why = v_why, changed_at = v_now, changed_by = p_actor
    where m.id = p_message
        and m.sent_at >= v_from
        and m.sent_at < v_from + interval '1 millisecond'
        and m.state <> 'deleted'
    returning m.listing_id into v_listing;
    if not found then
        return;
    end if;

    perform market.message_unsend(p_message);
    perform notify.announce_listing(
        'listing.message_gone', v_listing, v_now, jsonb_build_object('message_id', p_message));
    update market_data.chat_flags as f
    set closed_at = v_now, closed_by = p_actor, outcome = 'upheld'
    where f.message_id = p_message
        and f.closed_at is null;
    if not p_is_own then
        perform ops.audit_write(
            p_actor, 'chat.delete', 'listing', v_listing::text,
            jsonb_build_object('message_id', p_message, 'reason', v_why));
    end if;
end
$$;

comment on function market.message_remove(bigint, uuid, boolean, text) is
    'Step: deletes a locked message. Raises: chat_message_why_length.';
