-- Guarantees: when a listing that is published now expires: when it would have anyway, if that is
-- still to come, so that an edit does not prolong it; otherwise a lifetime from now. Locks nothing.
create or replace function market.listing_expiry(
    p_now timestamptz,
    p_present timestamptz,
    p_category bigint,
    p_subcategory bigint
)
returns timestamptz
language sql
stable
parallel safe
return case
    when p_present > p_now and p_present < 'infinity' then p_present
    else p_now + make_interval(days => market.listing_lifetime(p_category, p_subcategory))
end;

comment on function market.listing_expiry(timestamptz, timestamptz, bigint, bigint) is
    'Helper: the end of a listing that is published now. Raises: nothing.';
