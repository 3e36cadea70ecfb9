-- Guarantees: how a post of a listing is to look now:
--     live, reserved   anybody may see the listing, and pieces of it can be had, or all are held;
--     sold             it is sold;
--     withdrawn        nobody sees it: put away, expired, rejected, hidden by flags, its seller
--                      blocked;
--     kept             its seller changed it and a moderator looks at it: what a post shows was
--                      approved and stays.
-- Locks nothing.
create or replace function market.listing_look(p_listing bigint)
returns text
language sql
stable
parallel safe
return (
    select case
        when l.status = 'sold' then 'sold'
        when l.expires_at <= ops.clock_now()
            or exists (select from people.blocked as b where b.user_id = l.owner_user_id)
        then 'withdrawn'
        when l.status = 'published' then 'live'
        when l.status = 'reserved' then 'reserved'
        when l.status = 'pending' and not market.listing_flagged(l.id) then 'kept'
        else 'withdrawn'
    end
    from market_data.listings as l
    where l.id = p_listing
);

comment on function market.listing_look(bigint) is
    'Helper: live, reserved, sold, withdrawn or kept: how a post of the listing is to look. '
    'Raises: nothing.';
