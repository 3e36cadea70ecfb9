-- A step of market.message_take: the listing beneath whose post a message of Telegram was written;
-- null when it is none of ours, or its post is not known yet. Its time is one that Telegram could
-- have said. Locks nothing.
create or replace function market.message_listing(
    p_chat bigint,
    p_message bigint,
    p_root_message bigint,
    p_telegram_id bigint,
    p_at timestamptz
)
returns bigint
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    if (p_message > 0 and p_telegram_id <> 0) is not true then
        return null;
    end if;
    if (p_at between v_now - interval '30 days' and v_now + interval '1 hour') is not true then
        raise exception using
            errcode = 'ZINVL', constraint = 'chat_message_time_near',
            message = 'Telegram keeps nothing so long';
    end if;
    return (
        select p.listing_id
        from market_data.channel_posts as p
        where p.root_chat_id = p_chat
            and p.root_message_id = p_root_message);
end
$$;

comment on function market.message_listing(bigint, bigint, bigint, bigint, timestamptz) is
    'Step: the listing that a message of Telegram is about, or null. Raises: '
    'chat_message_time_near.';
