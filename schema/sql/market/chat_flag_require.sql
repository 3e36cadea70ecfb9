-- A step: lets a person flag a message that people see and that they did not write, as often as the
-- setting allows within 24 hours, or change what they said of it. Two flags at one moment may pass
-- the limit together. The caller has locked the message.
create or replace function market.chat_flag_require(
    p_actor bigint,
    p_message uuid,
    p_listing bigint,
    p_author bigint,
    p_state text
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_most constant integer := greatest(1, ops.setting_integer('chat.flag_daily_count', 20));
    v_first timestamptz;
begin
    if exists (
        select
        from market_data.chat_flags as f
        where f.message_id = p_message
            and f.user_id = p_actor
            and f.closed_at is null
    ) then
        return;
    end if;
    perform market.message_require(coalesce(
        p_state = 'visible' and market.chat_readable(p_listing), false));
    if p_author = p_actor then
        raise exception using
            errcode = 'ZDENY', constraint = 'chat_flag_own',
            message = 'nobody flags what they wrote: delete it instead';
    end if;

    select min(r.created_at) into v_first
    from (
        select f.created_at
        from market_data.chat_flags as f
        where f.user_id = p_actor
            and f.created_at > v_now - interval '24 hours'
        order by f.created_at desc
        limit v_most
    ) as r
    having count(*) >= v_most;
    if found then
        raise exception using
            errcode = 'ZLIMT', constraint = 'chat_flag_limit',
            message = 'too many flags within 24 hours',
            hint = greatest(1, ceil(extract(epoch from
                v_first + interval '24 hours' - v_now)))::bigint::text;
    end if;
end
$$;

comment on function market.chat_flag_require(bigint, uuid, bigint, bigint, text) is
    'Step: lets a person flag a message. The hint of chat_flag_limit is the seconds until the next '
    'flag. Raises: message_unknown, chat_flag_own, chat_flag_limit.';
