-- Guarantees: 1 when the person's flag counts for hiding the listing: the account is a day old at
-- least, and no moderator dismissed a flag of theirs on this listing before. Locks nothing.
create or replace function market.listing_flag_weight(p_actor bigint, p_listing bigint)
returns smallint
language sql
stable
parallel safe
return (
    people.user_created_at(p_actor) <= ops.clock_now() - interval '1 day'
    and not exists (
        select
        from market_data.listing_flags as f
        where f.listing_id = p_listing
            and f.user_id = p_actor
            and f.outcome = 'dismissed'
    )
)::integer::smallint;

comment on function market.listing_flag_weight(bigint, bigint) is
    'Helper: 1 when a person''s flag of a listing counts for hiding it, else 0. Raises: nothing.';
