-- A step: the chat of a listing is there and locked: two messages at one moment come one after the
-- other.
create or replace function market.chat_lock(p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into market_data.chats (listing_id)
    values (p_listing)
    on conflict (listing_id) do nothing;
    perform from market_data.chats as c where c.listing_id = p_listing for no key update;
end
$$;

comment on function market.chat_lock(bigint) is
    'Step: locks the chat of a listing. Raises: nothing.';
