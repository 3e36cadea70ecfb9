-- Guarantees: everything that was said beneath a listing, in every state of it, for its people and
-- moderators, in pages in both directions; what was deleted or hidden says so, and its words are
-- for moderators. Locks nothing.
create or replace function market.message_view(
    p_actor bigint,
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
    reply_to uuid,
    state text,
    why text,
    changed_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key record;
    v_is_moderator constant boolean := people.actor_has_role(p_actor, 'moderator');
begin
    perform market.listing_reader_require(p_actor, p_listing);
    select array_agg(k.message_id) as ids, array_agg(k.sent_at) as times,
        min(k.sent_at) as first, max(k.sent_at) as last
    into v_key
    from market.message_page(
        p_listing, true, coalesce(p_is_forward, false), p_limit, p_after_at, p_after_id) as k;

    return query
    select w.message_id, w.sent_at, w.source, w.author_id, w.author_name, w.is_seller,
        case when w.state = 'visible' or v_is_moderator then w.text else '' end, w.reply_to,
        w.state, w.why, w.changed_at
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

comment on function market.message_view(
    bigint, bigint, boolean, integer, timestamptz, uuid) is
    'For the owner, members of the shop and moderators: all that was said beneath a listing, 1 to '
    '100 at a time (50). The text is empty where people see none, but for moderators. Null: '
    'author_id without an account, reply_to, why and changed_at of what people see. Raises: '
    'actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.message_view(
    bigint, bigint, boolean, integer, timestamptz, uuid)
to kardan_api, kardan_bot;
