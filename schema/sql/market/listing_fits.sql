-- Guarantees: true when the listing says that it fits this generation, in this year unless that is
-- null, by what it said at this time unless that is null. Locks nothing.
create or replace function market.listing_fits(
    p_listing bigint,
    p_generation bigint,
    p_year integer,
    p_said_until timestamptz
)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from market_data.listing_fitments as f
    where f.listing_id = p_listing
        and f.generation_id = p_generation
        and (p_year is null
            or p_year between coalesce(f.year_from, 0) and coalesce(f.year_to, 9999))
        and (p_said_until is null or f.created_at <= p_said_until)
);

comment on function market.listing_fits(bigint, bigint, integer, timestamptz) is
    'Helper: whether a listing says that it fits a generation in a year. Raises: nothing.';
