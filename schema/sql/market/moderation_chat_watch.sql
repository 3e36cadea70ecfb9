-- Guarantees: what is said beneath all listings, in every state, the latest first, in pages. Goes
-- back in time in windows that double, so that a page reads the partition where it lies. Locks
-- nothing.
create or replace function market.moderation_chat_watch(
    p_actor bigint,
    p_limit integer,
    p_after_at timestamptz,
    p_after_id uuid
)
returns table (
    message_id uuid,
    sent_at timestamptz,
    listing_id bigint,
    source text,
    author_id bigint,
    author_telegram_id bigint,
    author_name text,
    is_seller boolean,
    text text,
    reply_to uuid,
    state text,
    why text,
    changed_at timestamptz,
    changed_by bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_at constant timestamptz := least(p_after_at, ops.clock_now() + interval '1 hour');
    v_id constant uuid := coalesce(p_after_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    v_to timestamptz := v_at;
    v_width interval := interval '1 day';
    v_from timestamptz;
    v_count integer;
begin
    perform people.actor_require(p_actor, 'moderator');

    while v_limit > 0 and v_to > '2020-01-01 00:00:00+00' loop
        v_from := v_to - v_width;
        return query
        select w.message_id, w.sent_at, w.listing_id, w.source, w.author_id, w.author_telegram_id,
            w.author_name, w.is_seller, w.text, w.reply_to, w.state, w.why, w.changed_at,
            w.changed_by
        from market.message_rows as w
        where w.sent_at > v_from
            and w.sent_at <= v_to
            and (w.sent_at, w.message_id) < (v_at, v_id)
        order by w.sent_at desc, w.message_id desc
        limit v_limit;
        get diagnostics v_count = row_count;
        v_limit := v_limit - v_count;
        v_to := v_from;
        v_width := v_width * 2;
    end loop;
end
$$;

comment on function market.moderation_chat_watch(bigint, integer, timestamptz, uuid) is
    'What is said in all chats, for moderators, 1 to 100 messages at a time (50), after the given '
    'one. Null: author_id or author_telegram_id, reply_to; why, changed_at and changed_by of what '
    'people see. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_chat_watch(bigint, integer, timestamptz, uuid)
    to kardan_api, kardan_bot;
