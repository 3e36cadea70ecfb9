-- Guarantees: whether a notice or an event is about one of these listings or deals. Reads nothing.
create or replace function notify.tells_of(p_data jsonb, p_listings bigint[], p_deals uuid[])
returns boolean
language sql
immutable
parallel safe
return coalesce(
    (p_data ->> 'listing_id')::bigint = any (p_listings)
    or (p_data ->> 'deal_id')::uuid = any (p_deals),
    false);

comment on function notify.tells_of(jsonb, bigint[], uuid[]) is
    'Helper: whether this is about one of these things. Raises: nothing.';
