-- Reads one broadcast and how far it is. Locks nothing.
create or replace function notify.broadcast_get(p_actor bigint, p_broadcast bigint)
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
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select
        w.broadcast_id, w.state, w.text_ru, w.text_en, w.role, w.language, w.has_telegram,
        w.in_shop, w.is_selling, w.place_id, w.seen_since, w.created_by, w.created_at, w.updated_at,
        w.version, w.started_at, w.finished_at, w.told_count, w.sent_count, w.failed_count,
        w.closed_count
    from notify.broadcast_rows as w
    where w.broadcast_id = p_broadcast;
    perform notify.broadcast_require(found, null, null);
end
$$;

comment on function notify.broadcast_get(bigint, bigint) is
    'A broadcast and its progress: told_count people have it in their feed, and of them so many '
    'were sent it, failed (dead letters) or are closed without being sent. Raises: actor_unknown, '
    'actor_blocked, role_required, broadcast_unknown.';

grant execute on function notify.broadcast_get(bigint, bigint) to kardan_api, kardan_bot;
