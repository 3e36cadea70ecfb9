-- Guarantees: true when the open flags of a listing are enough to hide it (setting
-- flags.hide_count). Flags of people who are blocked by now do not count. Locks nothing.
create or replace function market.listing_flagged(p_listing bigint)
returns boolean
language sql
stable
parallel safe
return (
    select coalesce(sum(f.weight), 0)
        >= greatest(1, ops.setting_integer('flags.hide_count', 3))
    from market_data.listing_flags as f
    where f.listing_id = p_listing
        and f.closed_at is null
        and not exists (select from people.blocked as b where b.user_id = f.user_id)
);

comment on function market.listing_flagged(bigint) is
    'Helper: whether enough people flagged a listing to hide it. Raises: nothing.';
