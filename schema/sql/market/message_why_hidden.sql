-- A step: why a message of Telegram is stored and not shown; null: it is shown. Locks nothing.
create or replace function market.message_why_hidden(
    p_listing bigint,
    p_author bigint,
    p_telegram_id bigint,
    p_text text
)
returns text
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return case
        when not market.chat_is_on(p_listing) then 'off'
        when exists (select from people.blocked as b where b.user_id = p_author) then 'blocked'
        when market.chat_muted_until(p_author, p_telegram_id, p_listing) is not null then 'muted'
        when exists (select from market.forbidden_find(p_text) as f)
            or exists (select from market.contacts_find(p_text) as c)
        then 'words'
    end;
end
$$;

comment on function market.message_why_hidden(bigint, bigint, bigint, text) is
    'Step: off, blocked, muted, words, or null: why nobody sees a message. Raises: nothing.';
