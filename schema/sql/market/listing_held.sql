-- Guarantees: true while pieces of the listing are put aside for a buyer.
create or replace function market.listing_held(p_listing bigint)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from market_data.reservations as r
    where r.listing_id = p_listing
        and r.state = 'held'
);

comment on function market.listing_held(bigint) is
    'Helper: whether pieces of a listing are held for a buyer. Raises: nothing.';
