-- What a listing came to on each of the last days (UTC), for its people and moderators; today as
-- far as it is rolled up. Reads the days of this listing by their key. Locks nothing.
create or replace function market.listing_figures(
    p_actor bigint,
    p_listing bigint,
    p_days integer
)
returns table (
    day timestamptz,
    views integer,
    clicks integer,
    people integer,
    deals_requested integer,
    deals_completed integer,
    conversion float8
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from constant date := (ops.clock_now() at time zone 'UTC')::date
        - least(greatest(coalesce(p_days, 30), 1), 366) + 1;
begin
    perform market.listing_reader_require(p_actor, p_listing);

    return query
    select
        d.day::timestamp at time zone 'UTC', d.views, d.clicks, d.people, d.deals_requested,
        d.deals_completed, d.clicks::float8 / nullif(d.views, 0)
    from market_data.listing_days as d
    where d.listing_id = p_listing
        and d.day >= v_from
    order by d.day;
end
$$;

comment on function market.listing_figures(bigint, bigint, integer) is
    'For the owner, members of the shop and moderators: the last 1 to 366 days (30) of a listing '
    'that have figures. conversion is clicks by view, null without views. Raises: actor_unknown, '
    'listing_unknown, listing_not_yours.';

grant execute on function market.listing_figures(bigint, bigint, integer)
    to kardan_api, kardan_bot;
