-- Guarantees: a draft of an administrator; nobody hears of it. Locks the new row only. Not
-- idempotent by itself: a repeated request is one by its key.
create or replace function notify.broadcast_create(
    p_actor bigint,
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
    v_now constant timestamptz := ops.clock_now();
    v_id bigint;
begin
    perform people.actor_require(p_actor, 'admin');

    insert into notify_data.broadcasts as b (
        text_ru, text_en, role, language, has_telegram, in_shop, is_selling, place_id, seen_since,
        created_by, created_at, updated_at)
    values (
        p_text_ru, p_text_en, p_role, p_language, p_has_telegram, p_in_shop, p_is_selling, p_place,
        p_seen_since, p_actor, v_now, v_now)
    returning b.id into v_id;
    perform ops.audit_write(p_actor, 'broadcast.create', 'broadcast', v_id::text, '{}');

    return query
    select
        w.broadcast_id, w.state, w.text_ru, w.text_en, w.role, w.language, w.has_telegram,
        w.in_shop, w.is_selling, w.place_id, w.seen_since, w.created_by, w.created_at, w.updated_at,
        w.version, w.started_at, w.finished_at, w.told_count, w.sent_count, w.failed_count,
        w.closed_count
    from notify.broadcast_rows as w
    where w.broadcast_id = v_id;
end
$$;

comment on function notify.broadcast_create(
    bigint, text, text, text, text, boolean, boolean, boolean, bigint, timestamptz) is
    'An administrator drafts a text for many people; each condition that is not null must hold. '
    'Raises: actor_unknown, actor_blocked, role_required, broadcast_text_length, '
    'broadcast_role_known, broadcast_language_known, broadcast_place_needs_selling, '
    'broadcast_place_known.';

grant execute on function notify.broadcast_create(
    bigint, text, text, text, text, boolean, boolean, boolean, bigint, timestamptz)
to kardan_api, kardan_bot;
