-- Guarantees: each of these is counted once a day and viewer, as shown or as followed. Who it was
-- is not kept: a person too is hashed with the salt of the day. The advertiser's own people do not
-- count; neither does what happened more than a day ago, is still to come, is of an order that did
-- not run then, or in a listing that nobody sees. Adds rows in the order of their keys, then to
-- the totals in the order of theirs, so that two who bring the same wait for each other and never
-- in a circle. Idempotent.
create or replace function market.promotion_record(
    p_promotions bigint[],
    p_listings bigint[],
    p_users bigint[],
    p_visitors text[],
    p_times timestamptz[],
    p_clicks boolean[]
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
    if cardinality(p_promotions) > 1000 then
        raise exception using
            errcode = 'ZINVL', constraint = 'view_batch_size',
            message = 'at most 1000 at a time';
    end if;

    return query
    with given as materialized (
        select
            g.promotion_id, g.listing_id, nullif(g.user_id, 0) as user_id, g.visitor, g.at,
            g.is_click,
            (g.at at time zone 'UTC')::date as day
        from unnest(p_promotions, p_listings, p_users, p_visitors, p_times, p_clicks)
            as g (promotion_id, listing_id, user_id, visitor, at, is_click)
        where g.at between v_now - interval '1 day' and v_now + interval '1 minute'
    ),
    salts as materialized (
        select d.day, market.visitor_salt(d.day) as salt
        from (select distinct g.day from given as g) as d
    ),
    added as (
        insert into market_data.promotion_marks (day, promotion_id, is_click, listing_id, viewer)
        select distinct g.day, g.promotion_id, g.is_click, g.listing_id, v.viewer
        from given as g
        join salts as s on s.day = g.day
        join market_data.promotions as p
            on p.id = g.promotion_id
            and p.kind = 'insertion'
            and p.state = 'approved'
            and p.payment = 'paid'
            and g.at >= p.begins_at
            -- Who was shown it at the end, or before it was stopped, may still follow it.
            and g.at < least(p.ends_at, p.paused_at, p.held_at) + interval '1 hour'
        join market.listing_public as l on l.listing_id = g.listing_id
        cross join lateral (
            select market.visitor_number(
                s.salt, coalesce('person ' || g.user_id, g.visitor)) as viewer
        ) as v
        where v.viewer is not null
            and not market.listing_insider(g.user_id, p.listing_id)
        order by g.promotion_id, g.day, g.is_click, g.listing_id, v.viewer
        on conflict do nothing
        returning promotion_id, is_click
    ),
    summed as (
        insert into market_data.promotion_totals as t (promotion_id, shown, clicked)
        select a.promotion_id, count(*) filter (where not a.is_click),
            count(*) filter (where a.is_click)
        from added as a
        group by a.promotion_id
        order by a.promotion_id
        on conflict (promotion_id) do update
        set shown = t.shown + excluded.shown, clicked = t.clicked + excluded.clicked
    )
    select count(*)::integer from added as a;
end
$$;

comment on function market.promotion_record(
    bigint[], bigint[], bigint[], text[], timestamptz[], boolean[]) is
    'Counts advertisements that were shown or followed, at most 1000 at a time, the lists side by '
    'side: order, listing in whose slot, person or 0, visitor or nothing, when, whether followed. '
    'Tells how many are new. Raises: view_batch_size.';

grant execute on function market.promotion_record(
    bigint[], bigint[], bigint[], text[], timestamptz[], boolean[])
    to kardan_api, kardan_bot;
