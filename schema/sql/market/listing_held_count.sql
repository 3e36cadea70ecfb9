-- Guarantees: how many pieces of the listing are put aside for buyers.
create or replace function market.listing_held_count(p_listing bigint)
returns integer
language sql
stable
parallel safe
return (
    select coalesce(sum(r.quantity), 0)::integer
    from market_data.reservations as r
    where r.listing_id = p_listing
        and r.state = 'held'
);

comment on function market.listing_held_count(bigint) is
    'Helper: how many pieces of a listing are held for buyers. Raises: nothing.';
