-- Guarantees: the time of a message that people see beneath this listing; null when there is none.
-- Reads one partition.
create or replace function market.message_of_chat(p_listing bigint, p_message uuid)
returns timestamptz
language sql
stable
parallel safe
return (
    select m.sent_at
    from market_data.chat_messages as m
    where m.id = p_message
        and m.listing_id = p_listing
        and m.state = 'visible'
        and m.sent_at >= ops_data.uuid_v7_time(p_message)
        and m.sent_at < ops_data.uuid_v7_time(p_message) + interval '1 millisecond'
);

comment on function market.message_of_chat(bigint, uuid) is
    'Helper: when a message that people see beneath a listing was sent, or null. Raises: nothing.';
