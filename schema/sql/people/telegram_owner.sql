-- Guarantees: the person behind a Telegram account, null when there is none. The one place where
-- other domains ask: they may not name the tables of people. Reads only.
create or replace function people.telegram_owner(p_telegram_id bigint)
returns bigint
language sql
stable
parallel safe
return (
    select i.user_id
    from people_data.identities as i
    where i.provider = 'telegram'
        and i.subject = p_telegram_id::text
);

comment on function people.telegram_owner(bigint) is
    'Helper: the person behind a Telegram account. Raises: nothing.';
