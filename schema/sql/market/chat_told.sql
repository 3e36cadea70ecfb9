-- A step: whom of the people of a listing a message is to be told, and notes that they were: all
-- but its author, when one of them has read or written here since they were told last, or the
-- setting chat.notice_seconds has gone by. What one of them writes is told to none of them, and is
-- a sign that they have read. So a busy chat is one notice until somebody looks at it. The caller
-- has locked the chat.
create or replace function market.chat_told(p_listing bigint, p_is_seller boolean)
returns bigint[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    if p_is_seller then
        update market_data.chats as c set read_at = v_now where c.listing_id = p_listing;
        return '{}'::bigint[];
    end if;

    update market_data.chats as c
    set told_at = v_now
    where c.listing_id = p_listing
        and (
            c.told_at is null
            or c.read_at >= c.told_at
            or c.told_at <= v_now - make_interval(
                secs => greatest(0, ops.setting_integer('chat.notice_seconds', 3600))));
    return case when found then market.listing_insiders(p_listing) else '{}'::bigint[] end;
end
$$;

comment on function market.chat_told(bigint, boolean) is
    'Step: who of the people of a listing is told of a message now. Raises: nothing.';
