-- Guarantees: how many warnings a person or a stranger of Telegram, one of both null, has. Locks
-- nothing.
create or replace function market.chat_warning_number(p_user bigint, p_telegram_id bigint)
returns bigint
language sql
stable
parallel safe
return (
    select count(*)
    from market_data.chat_warnings as w
    where w.user_id = p_user
        or w.telegram_id = p_telegram_id
);

comment on function market.chat_warning_number(bigint, bigint) is
    'Helper: how many warnings somebody has. Raises: nothing.';
