-- Guarantees: the numbers of messages in a sender's answer {"messages": [...]}, in their order and
-- each once; empty when there are none. Whatever else stands there is left out.
create or replace function market.message_numbers(p_result jsonb)
returns bigint[]
language sql
immutable
parallel safe
return array(
    select k.number
    from (
        select (m.value #>> '{}')::bigint as number, min(m.place) as place
        from jsonb_array_elements(
            case
                when jsonb_typeof(p_result -> 'messages') = 'array' then p_result -> 'messages'
                else '[]'
            end) with ordinality as m (value, place)
        where (m.value #>> '{}') ~ '^[1-9][0-9]{0,17}$'
        group by 1
    ) as k
    order by k.place
);

comment on function market.message_numbers(jsonb) is
    'Helper: the numbers of the messages that a sender has sent. Raises: nothing.';
