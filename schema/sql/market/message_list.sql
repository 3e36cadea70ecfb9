-- Guarantees: what people see beneath a listing, in pages in both directions: back from the latest,
-- or forward from the first, always beyond the given message. Empty for a listing whose chat not
-- everybody may read. Reads the partitions where the page lies. Locks nothing.
create or replace function market.message_list(
    p_listing bigint,
    p_is_forward boolean,
    p_limit integer,
    p_after_at timestamptz,
    p_after_id uuid
)
returns table (
    message_id uuid,
    sent_at timestamptz,
    source text,
    author_id bigint,
    author_name text,
    is_seller boolean,
    text text,
    reply_to uuid
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key record;
begin
    if not market.chat_readable(p_listing) then
        return;
    end if;
    select array_agg(k.message_id) as ids, array_agg(k.sent_at) as times,
        min(k.sent_at) as first, max(k.sent_at) as last
    into v_key
    from market.message_page(
        p_listing, false, coalesce(p_is_forward, false), p_limit, p_after_at, p_after_id) as k;

    return query
    select w.message_id, w.sent_at, w.source, w.author_id, w.author_name, w.is_seller, w.text,
        w.reply_to
    from unnest(v_key.ids, v_key.times) with ordinality as k (id, at, place)
    cross join lateral (
        select r.message_id, r.sent_at, r.source, r.author_id, r.author_name, r.is_seller, r.text,
            r.reply_to, r.state, r.why, r.changed_at
        from market.message_rows as r
        where r.message_id = k.id
            and r.sent_at = k.at
            -- No other partition is even looked at.
            and r.sent_at between v_key.first and v_key.last
    ) as w
    order by k.place;
end
$$;

comment on function market.message_list(bigint, boolean, integer, timestamptz, uuid) is
    'What people said beneath a listing, 1 to 100 at a time (50), beyond the given message. '
    'author_id is null for somebody without an account here, reply_to when it answers nothing. '
    'Raises: nothing.';

grant execute on function market.message_list(bigint, boolean, integer, timestamptz, uuid)
    to kardan_api, kardan_bot;
