-- Guarantees: the recorded life of a listing, the latest first. The birth of the listing and
-- the present bound the partitions. Locks nothing.
create or replace function market.listing_event_list(
    p_actor bigint,
    p_listing bigint,
    p_limit integer,
    p_after_at timestamptz,
    p_after_id bigint
)
returns table (
    event_id bigint,
    at timestamptz,
    event text,
    from_status text,
    to_status text,
    actor_id bigint,
    details jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- What a transaction beside has written carries its own time, and no later one than soon.
    v_soon constant timestamptz := ops.clock_now() + interval '1 minute';
    v_born timestamptz;
begin
    perform market.listing_reader_require(p_actor, p_listing);
    select l.created_at into v_born from market_data.listings as l where l.id = p_listing;

    return query
    select e.id, e.at, e.event, e.from_status, e.to_status, e.actor_id, e.details
    from market_data.listing_events as e
    where e.listing_id = p_listing
        and e.at >= v_born
        and e.at <= coalesce(p_after_at, v_soon)
        and (p_after_at is null or (e.at, e.id) < (p_after_at, coalesce(p_after_id, 0)))
    order by e.at desc, e.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.listing_event_list(bigint, bigint, integer, timestamptz, bigint) is
    'What happened to a listing, the latest first, 1 to 100 at a time (20), after the given event; '
    'for its owner, members of its shop and moderators. from_status is null for its birth, '
    'actor_id for a job. Raises: actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_event_list(bigint, bigint, integer, timestamptz, bigint)
    to kardan_api, kardan_bot;
