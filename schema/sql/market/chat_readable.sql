-- Guarantees: whether anybody may read what is said beneath a listing: it can be seen, or it was
-- sold by somebody who is not blocked. Locks nothing.
create or replace function market.chat_readable(p_listing bigint)
returns boolean
language sql
stable
parallel safe
return coalesce(market.listing_look(p_listing) in ('live', 'reserved', 'sold'), false)
    and not exists (
        select
        from market_data.listings as l
        join people.blocked as b on b.user_id = l.owner_user_id
        where l.id = p_listing);

comment on function market.chat_readable(bigint) is
    'Helper: whether anybody may read the chat of a listing. Raises: nothing.';
