-- Guarantees: people may talk beneath a listing, or may not: market.chat_set says what that means.
-- Locks the membership, the listing, the chat. Idempotent by state.
create or replace function market.chat_switch(
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
    perform market.listing_editor_require(p_actor, p_listing);
    perform market.chat_set(p_actor, p_listing, p_is_on, false);
    return query select p_listing, market.chat_is_on(p_listing);
end
$$;

comment on function market.chat_switch(bigint, bigint, boolean) is
    'The owner or a member of the shop switches the chat of a listing on or off; null: as '
    'everywhere. Raises: actor_unknown, actor_blocked, listing_unknown, listing_not_yours, '
    'chat_off_by_moderator.';

grant execute on function market.chat_switch(bigint, bigint, boolean)
    to kardan_api, kardan_bot;
