-- Guarantees: each of these views is counted once a day and viewer, as it is given: of a person, or
-- (0) of a visitor. Who it was is not kept: a person too is hashed with the salt of the day. The
-- listing's own people do not count; neither does what happened more than a day ago, is still to
-- come, or is of a listing that there is not. Adds rows in the order of their keys, so that two who
-- bring the same views wait for each other and never in a circle. Idempotent: brought again,
-- nothing is new.
create or replace function market.listing_view_record(
    p_listings bigint[],
    p_users bigint[],
    p_visitors text[],
    p_times timestamptz[]
)
returns table (recorded integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    if cardinality(p_listings) > 1000 then
        raise exception using
            errcode = 'ZINVL', constraint = 'view_batch_size',
            message = 'at most 1000 views at a time';
    end if;

    return query
    with given as materialized (
        select
            g.listing_id, nullif(g.user_id, 0) as user_id, g.visitor,
            (g.at at time zone 'UTC')::date as day
        from unnest(p_listings, p_users, p_visitors, p_times)
            as g (listing_id, user_id, visitor, at)
        where g.at between v_now - interval '1 day' and v_now + interval '1 minute'
    ),
    salts as materialized (
        select d.day, market.visitor_salt(d.day) as salt
        from (select distinct g.day from given as g) as d
    ),
    added as (
        insert into market_data.listing_views (day, listing_id, viewer)
        select distinct g.day, g.listing_id, v.viewer
        from given as g
        join salts as s on s.day = g.day
        cross join lateral (
            select market.visitor_number(
                s.salt, coalesce('person ' || g.user_id, g.visitor)) as viewer
        ) as v
        where v.viewer is not null
            and exists (select from market_data.listings as l where l.id = g.listing_id)
            and not market.listing_insider(g.user_id, g.listing_id)
        order by g.day, g.listing_id, v.viewer
        on conflict (listing_id, day, viewer) do nothing
        returning 1
    )
    select count(*)::integer from added as a;
end
$$;

comment on function market.listing_view_record(bigint[], bigint[], text[], timestamptz[]) is
    'Counts views of listings, at most 1000 at a time, the four lists side by side: listing, '
    'person or 0, visitor (any text by which one is told from another on that day) or nothing, '
    'when. Tells how many are new. Raises: view_batch_size.';

grant execute on function market.listing_view_record(bigint[], bigint[], text[], timestamptz[])
    to kardan_api, kardan_bot;
