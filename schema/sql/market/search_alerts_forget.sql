-- A step: forgets the alerts of listings that ended before the given time, up to 20000 listings a
-- call. Walks the listings that have alerts by index, one step each. Locks the alerts, in ascending
-- order, leaving out what another session holds.
create or replace function market.search_alerts_forget(p_before timestamptz)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_over bigint[];
begin
    with recursive told (listing_id) as (
        select min(a.listing_id) from market_data.search_alerts as a
        union all
        select (
            select min(a.listing_id)
            from market_data.search_alerts as a
            where a.listing_id > t.listing_id)
        from told as t
        where t.listing_id is not null
    )
    select array_agg(o.id) into v_over
    from (
        select l.id
        from told as t
        join market_data.listings as l on l.id = t.listing_id
        where l.status in ('sold', 'archived', 'rejected', 'draft')
            and l.updated_at < p_before
        limit 20000
    ) as o;

    delete from market_data.search_alerts as a
    where a.id in (
        select o.id
        from market_data.search_alerts as o
        where o.listing_id = any (v_over)
        order by o.id
        for update skip locked);
end
$$;

comment on function market.search_alerts_forget(timestamptz) is
    'Step: forgets what was found of listings that ended before this time. Raises: nothing.';
