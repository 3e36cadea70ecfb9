-- Guarantees: true when the last change of the listing, made at p_at, was that this person took it
-- from the queue. The moment bounds the partitions.
create or replace function market.listing_withdrawn_just(
    p_actor bigint,
    p_listing bigint,
    p_at timestamptz
)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from market_data.listing_events as e
    where e.listing_id = p_listing
        and e.at = p_at
        and e.event = 'withdrawn'
        and e.actor_id = p_actor
);

comment on function market.listing_withdrawn_just(bigint, bigint, timestamptz) is
    'Helper: whether a person took a listing from the queue at this moment. Raises: nothing.';
