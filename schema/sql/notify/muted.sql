-- Guarantees: true when the person has switched off the topic, or does not want to hear of the
-- person, shop or listing that the data names (user_id, shop_id, listing_id). What has no topic
-- cannot be switched off. Locks nothing.
create or replace function notify.muted(p_user bigint, p_topic text, p_data jsonb)
returns boolean
language sql
stable
parallel safe
return p_topic is not null
    and (
        exists (
            select from notify_data.mutes as m where m.user_id = p_user and m.topic = p_topic
        )
        or exists (
            select
            from notify_data.object_mutes as o
            where o.user_id = p_user
                and (o.object_type, o.object_id) in (
                    ('user', (p_data ->> 'user_id')::bigint),
                    ('shop', (p_data ->> 'shop_id')::bigint),
                    ('listing', (p_data ->> 'listing_id')::bigint))
        )
    );

comment on function notify.muted(bigint, text, jsonb) is
    'Helper: whether a person does not want to be told this. Raises: nothing.';
