-- Reads the acting person's part of the outbox, the latest first, by the index that begins with the
-- recipient; the partition key is bounded by 90 days, for which the outbox is kept. Answers of the
-- bot in a conversation are no notices. Locks nothing.
create or replace function notify.notice_list(
    p_actor bigint,
    p_limit integer,
    p_after_at timestamptz,
    p_after_id bigint
)
returns table (
    notice_id bigint,
    event_at timestamptz,
    kind text,
    topic text,
    data jsonb,
    is_read boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_to constant timestamptz := least(coalesce(p_after_at, 'infinity'), v_now + interval '1 day');
    v_language text;
begin
    perform people.actor_known(p_actor);
    select r.language into v_language
    from people.recipients as r
    where r.user_id = p_actor;

    return query
    select o.id, o.event_at, o.kind, k.topic, notify.shown_data(o.kind, o.data, v_language),
        notify.notice_is_read(o.event_at, o.created_at, o.read_at, f.read_until, f.marked_at)
    from notify_data.outbox as o
    join notify_data.kinds as k on k.kind = o.kind
    left join notify_data.feeds as f on f.user_id = p_actor
    where o.recipient = p_actor
        and o.event_at > v_now - interval '90 days'
        and o.event_at <= v_to
        and (p_after_id is null or (o.event_at, o.id) < (v_to, p_after_id))
        and o.lane in ('notice', 'broadcast')
    order by o.event_at desc, o.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function notify.notice_list(bigint, integer, timestamptz, bigint) is
    'What a person was told within 90 days, the latest first; topic is null for what cannot be '
    'switched off. Raises: actor_unknown.';

grant execute on function notify.notice_list(bigint, integer, timestamptz, bigint)
to kardan_api, kardan_bot;
