-- A step of market.message_page: messages beneath a listing between two times, beyond the message
-- that the page before ended with. What people see and what they do not has an index each, and each
-- direction a statement of its own. Only the partitions of these times are looked at. Locks
-- nothing.
create or replace function market.message_window(
    p_listing bigint,
    p_is_whole boolean,
    p_is_forward boolean,
    p_limit integer,
    p_from timestamptz,
    p_to timestamptz,
    p_at timestamptz,
    p_message uuid
)
returns table (
    message_id uuid,
    sent_at timestamptz
)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_is_forward then
        return query
        (select m.id, m.sent_at
        from market_data.chat_messages as m
        where m.listing_id = p_listing
            and m.state = 'visible'
            and m.sent_at between p_from and p_to
            and (m.sent_at, m.id) > (coalesce(p_at, p_from), p_message)
        order by m.sent_at, m.id
        limit p_limit)
        union all
        (select m.id, m.sent_at
        from market_data.chat_messages as m
        where p_is_whole
            and m.listing_id = p_listing
            and m.state <> 'visible'
            and m.sent_at between p_from and p_to
            and (m.sent_at, m.id) > (coalesce(p_at, p_from), p_message)
        order by m.sent_at, m.id
        limit p_limit)
        order by 2, 1
        limit p_limit;
    else
        return query
        (select m.id, m.sent_at
        from market_data.chat_messages as m
        where m.listing_id = p_listing
            and m.state = 'visible'
            and m.sent_at between p_from and p_to
            and (m.sent_at, m.id) < (coalesce(p_at, p_to), p_message)
        order by m.sent_at desc, m.id desc
        limit p_limit)
        union all
        (select m.id, m.sent_at
        from market_data.chat_messages as m
        where p_is_whole
            and m.listing_id = p_listing
            and m.state <> 'visible'
            and m.sent_at between p_from and p_to
            and (m.sent_at, m.id) < (coalesce(p_at, p_to), p_message)
        order by m.sent_at desc, m.id desc
        limit p_limit)
        order by 2 desc, 1 desc
        limit p_limit;
    end if;
end
$$;

comment on function market.message_window(
    bigint, boolean, boolean, integer, timestamptz, timestamptz, timestamptz, uuid) is
    'Step: messages beneath a listing between two times. Raises: nothing.';
