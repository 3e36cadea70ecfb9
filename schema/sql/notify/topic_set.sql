-- Switches a topic on or off for the acting person, from the next thing on that is told. Locks
-- nothing that anybody else wants. Idempotent by state.
create or replace function notify.topic_set(p_actor bigint, p_topic text, p_is_on boolean)
returns table (
    topic text,
    is_on boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    if not exists (select from notify_data.topics as t where t.topic = p_topic) then
        raise exception using
            errcode = 'ZNFND', constraint = 'notice_topic_unknown',
            message = 'there is no such topic';
    end if;

    if p_is_on then
        delete from notify_data.mutes as m where m.user_id = p_actor and m.topic = p_topic;
    else
        insert into notify_data.mutes as m (user_id, topic, created_at)
        values (p_actor, p_topic, ops.clock_now())
        on conflict on constraint mutes_pkey do nothing;
    end if;
    return query select p_topic, coalesce(p_is_on, false);
end
$$;

comment on function notify.topic_set(bigint, text, boolean) is
    'A person switches a topic on or off. Raises: actor_unknown, notice_topic_unknown.';

grant execute on function notify.topic_set(bigint, text, boolean) to kardan_api, kardan_bot;
