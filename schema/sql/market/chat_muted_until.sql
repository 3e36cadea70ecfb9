-- Guarantees: until when a person or a stranger of Telegram, one of both null, may say nothing
-- beneath a listing (infinity: until lifted); null: they may. Locks nothing.
create or replace function market.chat_muted_until(
    p_user bigint,
    p_telegram_id bigint,
    p_listing bigint
)
returns timestamptz
language sql
stable
parallel safe
return (
    select max(m.until)
    from market_data.chat_mutes as m
    where (m.user_id = p_user or m.telegram_id = p_telegram_id)
        and (m.listing_id = p_listing or m.listing_id is null)
        and m.lifted_at is null
        and m.until > ops.clock_now()
);

comment on function market.chat_muted_until(bigint, bigint, bigint) is
    'Helper: until when somebody may say nothing beneath a listing, or null. Raises: nothing.';
