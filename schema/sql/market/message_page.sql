-- A step: a page of what was said beneath a listing, from a message on, the latest first or, going
-- forward, the earliest first; only what people see, or everything. Goes through time in windows
-- that double, from the end of the chat to its beginning, so that a page of a busy chat reads one
-- month, and one of a chat that fell silent years ago finds it at once. Locks nothing.
create or replace function market.message_page(
    p_listing bigint,
    p_is_whole boolean,
    p_is_forward boolean,
    p_limit integer,
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
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_first timestamptz;
    v_last timestamptz;
    v_id uuid;
    v_width interval := interval '14 days';
    v_from timestamptz;
    v_to timestamptz;
    v_count integer;
begin
    select c.first_message_at, c.last_message_at into v_first, v_last
    from market_data.chats as c
    where c.listing_id = p_listing;
    if p_is_forward then
        v_first := greatest(v_first, coalesce(p_at, v_first));
        v_id := coalesce(p_message, '00000000-0000-0000-0000-000000000000');
    else
        v_last := least(v_last, coalesce(p_at, v_last));
        v_id := coalesce(p_message, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    end if;

    while v_limit > 0 and v_first <= v_last loop
        v_from := case when p_is_forward then v_first else greatest(v_first, v_last - v_width) end;
        v_to := case when p_is_forward then least(v_last, v_first + v_width) else v_last end;
        return query
        select k.message_id, k.sent_at
        from market.message_window(
            p_listing, p_is_whole, p_is_forward, v_limit, v_from, v_to, p_at, v_id) as k;
        get diagnostics v_count = row_count;
        v_limit := v_limit - v_count;
        v_width := v_width * 2;
        if p_is_forward then
            v_first := v_to + interval '1 microsecond';
        else
            v_last := v_from - interval '1 microsecond';
        end if;
    end loop;
end
$$;

comment on function market.message_page(
    bigint, boolean, boolean, integer, timestamptz, uuid) is
    'Step: a page of what was said beneath a listing. Raises: nothing.';
