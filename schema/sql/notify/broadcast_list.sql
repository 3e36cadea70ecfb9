-- Reads broadcasts, the newest first. Locks nothing.
create or replace function notify.broadcast_list(
    p_actor bigint,
    p_limit integer,
    p_after bigint
)
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
    where p_after is null or w.broadcast_id < p_after
    order by w.broadcast_id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function notify.broadcast_list(bigint, integer, bigint) is
    'Broadcasts with their progress, the newest first. Raises: actor_unknown, actor_blocked, '
    'role_required.';

grant execute on function notify.broadcast_list(bigint, integer, bigint) to kardan_api, kardan_bot;
