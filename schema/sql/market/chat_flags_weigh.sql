-- A step: a message that enough people flagged (setting chat.hide_count) is hidden, here and in
-- Telegram, until a moderator decides. Flags of people who are blocked by now do not count. The
-- caller has locked the message.
create or replace function market.chat_flags_weigh(p_message uuid)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from constant timestamptz := ops_data.uuid_v7_time(p_message);
    v_weight integer;
    v_listing bigint;
begin
    select coalesce(sum(f.weight), 0) into v_weight
    from market_data.chat_flags as f
    where f.message_id = p_message
        and f.closed_at is null
        and not exists (select from people.blocked as b where b.user_id = f.user_id);
    if v_weight < greatest(1, ops.setting_integer('chat.hide_count', 3)) then
        return;
    end if;

    update market_data.chat_messages as m
    set state = 'hidden', why = 'flags', changed_at = ops.clock_now(), changed_by = null
    where m.id = p_message
        and m.sent_at >= v_from
        and m.sent_at < v_from + interval '1 millisecond'
        and m.state = 'visible'
    returning m.listing_id into v_listing;
    if found then
        perform market.message_unsend(p_message);
        perform notify.announce_listing(
            'listing.message_gone', v_listing, ops.clock_now(),
            jsonb_build_object('message_id', p_message));
    end if;
end
$$;

comment on function market.chat_flags_weigh(uuid) is
    'Step: hides a message that enough people flagged. Raises: nothing.';
