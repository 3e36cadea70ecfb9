-- Guarantees: one of the people of a listing has read its chat: the next message is told them.
-- Locks the chat. Idempotent by nature.
create or replace function market.chat_read(p_actor bigint, p_listing bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    if not market.listing_insider(p_actor, p_listing) then
        perform market.listing_refuse(p_listing);
    end if;
    update market_data.chats as c
    set read_at = ops.clock_now()
    where c.listing_id = p_listing;
end
$$;

comment on function market.chat_read(bigint, bigint) is
    'The owner or a member of the shop has read what was said beneath a listing. Raises: '
    'actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.chat_read(bigint, bigint) to kardan_api, kardan_bot;
