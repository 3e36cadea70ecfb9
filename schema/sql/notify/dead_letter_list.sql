-- Reads what was given up by its own index, the latest first. What it says is left out: it is
-- between the sender and the person. Locks nothing.
create or replace function notify.dead_letter_list(
    p_actor bigint,
    p_kind text,
    p_limit integer,
    p_after_at timestamptz,
    p_after_id bigint
)
returns table (
    notice_id bigint,
    event_at timestamptz,
    kind text,
    user_id bigint,
    chat_id bigint,
    queued_at timestamptz,
    attempts integer,
    error text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select q.id, q.event_at, q.kind,
        case when q.recipient > 0 then q.recipient end,
        case when q.recipient < 0 then q.recipient end,
        q.queued_at, q.attempts, q.error
    from notify_data.queue as q
    where q.state = 'dead'
        and (q.event_at, q.id)
            < (coalesce(p_after_at, 'infinity'), coalesce(p_after_id, 9223372036854775807))
        and (p_kind is null or q.kind = p_kind)
    order by q.event_at desc, q.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function notify.dead_letter_list(bigint, text, integer, timestamptz, bigint) is
    'What could not be delivered, the latest first; user_id is null for a chat, chat_id for a '
    'person. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function notify.dead_letter_list(bigint, text, integer, timestamptz, bigint)
to kardan_api, kardan_bot;
