-- A step: a person has not written too much within a minute (setting chat.minute_count). Two
-- messages at one moment may pass together; it keeps off floods, not ones. Reads the messages of
-- the last minute by their author. Locks nothing.
create or replace function market.message_room_require(p_actor bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_most constant integer := greatest(1, ops.setting_integer('chat.minute_count', 10));
    v_first timestamptz;
begin
    select min(r.sent_at) into v_first
    from (
        select m.sent_at
        from market_data.chat_messages as m
        where m.author_id = p_actor
            and m.sent_at > v_now - interval '1 minute'
            and m.sent_at <= v_now
        order by m.sent_at desc
        limit v_most
    ) as r
    having count(*) >= v_most;
    if found then
        raise exception using
            errcode = 'ZLIMT', constraint = 'chat_limit',
            message = 'too many messages within a minute',
            hint = greatest(1, ceil(extract(epoch from
                v_first + interval '1 minute' - v_now)))::bigint::text;
    end if;
end
$$;

comment on function market.message_room_require(bigint) is
    'Step: a person has not written too much. The hint of chat_limit is the seconds until the next '
    'message. Raises: chat_limit.';
