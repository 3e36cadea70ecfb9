-- Guarantees: 1 when a person's flag counts for hiding this message: the account is a day old at
-- least, and no moderator dismissed a flag of theirs on it before. Locks nothing.
create or replace function market.chat_flag_weight(p_actor bigint, p_message uuid)
returns smallint
language sql
stable
parallel safe
return (
    people.user_created_at(p_actor) <= ops.clock_now() - interval '1 day'
    and not exists (
        select
        from market_data.chat_flags as f
        where f.message_id = p_message
            and f.user_id = p_actor
            and f.outcome = 'dismissed'
    )
)::integer::smallint;

comment on function market.chat_flag_weight(bigint, uuid) is
    'Helper: 1 when a person''s flag of a message counts for hiding it, else 0. Raises: nothing.';
