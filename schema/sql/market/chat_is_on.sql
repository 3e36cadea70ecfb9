-- Guarantees: whether people may talk beneath a listing: as its people or a moderator switched it,
-- else as the setting chat.is_on says. Locks nothing.
create or replace function market.chat_is_on(p_listing bigint)
returns boolean
language sql
stable
parallel safe
return coalesce(
    (select c.is_on from market_data.chats as c where c.listing_id = p_listing),
    ops.setting_integer('chat.is_on', 1) <> 0);

comment on function market.chat_is_on(bigint) is
    'Helper: whether people may talk beneath a listing. Raises: nothing.';
