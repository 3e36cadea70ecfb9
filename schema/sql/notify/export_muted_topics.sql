-- Guarantees: the topics of which the person hears nothing.
create or replace function notify.export_muted_topics(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        m.topic,
        jsonb_build_object('topic', m.topic, 'created_at', m.created_at)
    from notify_data.mutes as m
    where m.user_id = p_user
        and m.topic > coalesce(p_after, '')
    order by m.topic
    limit p_limit;
end;

comment on function notify.export_muted_topics(bigint, text, integer) is
    'Helper: the topics that a person switched off, for the export. Raises: nothing.';
