-- Reads every topic and whether the acting person hears of it. Locks nothing.
create or replace function notify.topic_list(p_actor bigint)
returns table (
    topic text,
    title_ru text,
    title_en text,
    is_on boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select t.topic, t.title_ru, t.title_en, m.topic is null
    from notify_data.topics as t
    left join notify_data.mutes as m
        on m.topic = t.topic
        and m.user_id = p_actor
    order by t.position, t.topic;
end
$$;

comment on function notify.topic_list(bigint) is
    'What a person may be told of, and whether they are. Raises: actor_unknown.';

grant execute on function notify.topic_list(bigint) to kardan_api, kardan_bot;
