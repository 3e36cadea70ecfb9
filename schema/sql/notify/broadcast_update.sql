-- Guarantees: a draft is what the call says, as a whole; what was started is not changed any more.
-- Locks the row. Idempotent by state: asking for what already is changes nothing, whatever version
-- is given.
create or replace function notify.broadcast_update(
    p_actor bigint,
    p_broadcast bigint,
    p_version integer,
    p_text_ru text,
    p_text_en text,
    p_role text,
    p_language text,
    p_has_telegram boolean,
    p_in_shop boolean,
    p_is_selling boolean,
    p_place bigint,
    p_seen_since timestamptz
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
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
    v_version integer;
    v_is_same boolean;
begin
    perform people.actor_require(p_actor, 'admin');

    select b.state, b.version,
        (b.text_ru, b.text_en, b.role, b.language, b.has_telegram, b.in_shop, b.is_selling,
            b.place_id, b.seen_since)
        is not distinct from
        (p_text_ru, p_text_en, p_role, p_language, p_has_telegram, p_in_shop, p_is_selling,
            p_place, p_seen_since)
    into v_state, v_version, v_is_same
    from notify_data.broadcasts as b
    where b.id = p_broadcast
    for no key update;
    perform notify.broadcast_require(found, v_state, array['draft']);

    if not v_is_same then
        if v_version <> p_version then
            raise exception using
                errcode = 'ZSTAL', constraint = 'version_stale',
                message = format('the broadcast is at version %s', v_version),
                detail = v_version::text;
        end if;
        update notify_data.broadcasts as b
        set text_ru = p_text_ru, text_en = p_text_en, role = p_role, language = p_language,
            has_telegram = p_has_telegram, in_shop = p_in_shop, is_selling = p_is_selling,
            place_id = p_place, seen_since = p_seen_since, updated_at = ops.clock_now(),
            version = b.version + 1
        where b.id = p_broadcast;
        perform ops.audit_write(
            p_actor, 'broadcast.update', 'broadcast', p_broadcast::text, '{}');
    end if;

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

comment on function notify.broadcast_update(
    bigint, bigint, integer, text, text, text, text, boolean, boolean, boolean, bigint,
    timestamptz) is
    'An administrator changes a draft; a null version is not compared. Raises: actor_unknown, '
    'actor_blocked, role_required, broadcast_unknown, broadcast_move_refused, version_stale, '
    'broadcast_text_length, broadcast_role_known, broadcast_language_known, '
    'broadcast_place_needs_selling, broadcast_place_known.';

grant execute on function notify.broadcast_update(
    bigint, bigint, integer, text, text, text, text, boolean, boolean, boolean, bigint,
    timestamptz)
to kardan_api, kardan_bot;
