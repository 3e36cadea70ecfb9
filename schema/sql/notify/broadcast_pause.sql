-- Guarantees: nobody more is told, and what is in the queue stays there; what a sender has taken by
-- now is still sent. Locks what notify.broadcast_move locks. A repeat changes nothing.
create or replace function notify.broadcast_pause(p_actor bigint, p_broadcast bigint)
returns table (
    broadcast_id bigint,
    state text,
    text_ru text,
    text_en text,
    role text,
    language text,
    has_telegram boolean,
    in_shop boolean,
    is_selling boolean,
    place_id bigint,
    seen_since timestamptz,
    created_by bigint,
    created_at timestamptz,
    updated_at timestamptz,
    version integer,
    started_at timestamptz,
    finished_at timestamptz,
    told_count bigint,
    sent_count bigint,
    failed_count bigint,
    closed_count bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');
    perform notify.broadcast_move(p_actor, p_broadcast, array['running'], 'paused');

    return query
    select
        w.broadcast_id, w.state, w.text_ru, w.text_en, w.role, w.language, w.has_telegram,
        w.in_shop, w.is_selling, w.place_id, w.seen_since, w.created_by, w.created_at, w.updated_at,
        w.version, w.started_at, w.finished_at, w.told_count, w.sent_count, w.failed_count,
        w.closed_count
    from notify.broadcast_rows as w
    where w.broadcast_id = p_broadcast;
end
$$;

comment on function notify.broadcast_pause(bigint, bigint) is
    'An administrator has a broadcast wait. Raises: actor_unknown, actor_blocked, role_required, '
    'broadcast_unknown, broadcast_move_refused.';

grant execute on function notify.broadcast_pause(bigint, bigint) to kardan_api, kardan_bot;
