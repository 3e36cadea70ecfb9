-- Guarantees: the least time between two messages to a person, or in a chat (below zero).
create or replace function notify.chat_gap(p_recipient bigint)
returns interval
language sql
stable
parallel safe
return interval '1 millisecond' * case
    when p_recipient < 0 then ops.setting_integer('outbox.group_milliseconds', 3000)
    else ops.setting_integer('outbox.chat_milliseconds', 1000)
end;

comment on function notify.chat_gap(bigint) is
    'Helper: the least time between two messages to one recipient. Raises: nothing.';
