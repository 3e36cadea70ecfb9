-- Guarantees: one hint when people flagged the listing and nobody decided on it yet: how many of
-- them named which reason. Locks nothing.
create or replace function market.moderation_flag_hints(p_listing bigint)
returns table (
    kind text,
    field text,
    excerpt text,
    details jsonb
)
language sql
stable
parallel safe
begin atomic
    select
        'flagged', 'listing', string_agg(g.reason, ', ' order by g.reason),
        jsonb_build_object('people', sum(g.people), 'reasons', jsonb_object_agg(g.reason, g.people))
    from (
        select f.reason, count(*) as people
        from market_data.listing_flags as f
        where f.listing_id = p_listing
            and f.closed_at is null
        group by f.reason
    ) as g
    having count(*) > 0;
end;

comment on function market.moderation_flag_hints(bigint) is
    'Helper: the open flags of a listing as a hint: details {people, reasons: {reason: people}}. '
    'Raises: nothing.';
