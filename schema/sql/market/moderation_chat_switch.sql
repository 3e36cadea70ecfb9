-- Guarantees: people may talk beneath a listing, or may not: market.chat_set says what that means.
-- Locks the chat. Idempotent by state.
create or replace function market.moderation_chat_switch(
    p_actor bigint,
    p_listing bigint,
    p_is_on boolean
)
returns table (
    listing_id bigint,
    is_on boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');
    if not exists (select from market_data.listings as l where l.id = p_listing) then
        perform market.listing_refuse(p_listing);
    end if;
    perform market.chat_set(p_actor, p_listing, p_is_on, true);
    return query select p_listing, market.chat_is_on(p_listing);
end
$$;

comment on function market.moderation_chat_switch(bigint, bigint, boolean) is
    'A moderator switches the chat of a listing on or off; null: as everywhere. Raises: '
    'actor_unknown, actor_blocked, role_required, listing_unknown.';

grant execute on function market.moderation_chat_switch(bigint, bigint, boolean)
    to kardan_api, kardan_bot;
