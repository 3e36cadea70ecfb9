-- Guarantees: how much a listing is looked at, for its people and moderators: clicks on its
-- contacts and views of the last days (UTC, today included), and how many people there were ever.
-- Reads the partitions of those days, the people of this listing, nothing else. Locks nothing.
create or replace function market.listing_contact_stats(
    p_actor bigint,
    p_listing bigint,
    p_days integer
)
returns table (
    listing_id bigint,
    since_at timestamptz,
    clicks bigint,
    bot_clicks bigint,
    web_clicks bigint,
    api_clicks bigint,
    people bigint,
    visitors bigint,
    views bigint,
    people_ever bigint,
    favourites bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_today constant date := (v_now at time zone 'UTC')::date;
    v_day constant date := v_today - least(greatest(coalesce(p_days, 30), 1), 90) + 1;
    v_since constant timestamptz := v_day::timestamp at time zone 'UTC';
    v_until constant timestamptz := v_now + interval '1 minute';
begin
    perform market.listing_reader_require(p_actor, p_listing);

    return query
    select
        p_listing, v_since, c.clicks, c.of_bot, c.of_web, c.of_api, c.people, c.visitors, v.views,
        (select count(*) from market_data.contact_people as k where k.listing_id = p_listing),
        (select count(*) from market_data.favourites as f where f.listing_id = p_listing)
    from (
        select
            count(*) as clicks,
            count(*) filter (where o.source = 'bot') as of_bot,
            count(*) filter (where o.source = 'web') as of_web,
            count(*) filter (where o.source = 'api') as of_api,
            count(distinct o.clicker) filter (where o.clicker > 0) as people,
            count(distinct o.clicker) filter (where o.clicker < 0) as visitors
        from market_data.contact_clicks as o
        where o.listing_id = p_listing
            and o.at >= v_since
            and o.at < v_until
    ) as c
    cross join (
        select count(*) as views
        from market_data.listing_views as w
        where w.listing_id = p_listing
            and w.day between v_day and v_today
    ) as v;
end
$$;

comment on function market.listing_contact_stats(bigint, bigint, integer) is
    'For the owner, members of the shop and moderators: clicks on the contacts of a listing, by '
    'source, different people and visitors among them (a visitor is another one each day), and '
    'views, of the last 1 to 90 days (30); people who ever saw the contacts; people who have it as '
    'a favourite now. Raises: actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_contact_stats(bigint, bigint, integer)
    to kardan_api, kardan_bot;
