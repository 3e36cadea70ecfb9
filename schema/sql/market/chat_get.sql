-- Reads the chat of a listing that anybody may read. Locks nothing.
create or replace function market.chat_get(p_listing bigint)
returns table (
    listing_id bigint,
    is_on boolean,
    first_message_at timestamptz,
    last_message_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p_listing, market.chat_is_on(p_listing), c.first_message_at, c.last_message_at
    from (select from market_data.listings as l where l.id = p_listing) as l
    left join market_data.chats as c on c.listing_id = p_listing
    where market.chat_readable(p_listing);
end
$$;

comment on function market.chat_get(bigint) is
    'The chat of a listing that anybody may see, or that is sold; the times are null when nobody '
    'has said anything. No row for any other. Raises: nothing.';

grant execute on function market.chat_get(bigint) to kardan_api, kardan_bot;
