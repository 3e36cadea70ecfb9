-- Guarantees: the p_limit oldest news are compared with the saved searches and gone; each match is
-- noted once, to be told when its search wants it. Never matched: what the searcher sells, or a
-- shop of theirs; what nobody may see; what was published before the search was saved, however
-- often it was bumped since, unless it has just become cheap enough for it. Locks the news, leaving
-- out what another session holds, and then writes alerts. Gives how many news there were.
--
-- A listing is compared only with searches that are anchored at one of its lexemes.

create or replace function market.search_news_match(p_limit integer)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_count bigint;
begin
    with taken as materialized (
        delete from market_data.search_news as n
        where n.id in (
            select o.id
            from market_data.search_news as o
            order by o.id
            limit p_limit
            for update skip locked)
        returning n.listing_id, n.at, n.old_price_minor
    ),
    matched as (
        select distinct on (s.id, t.listing_id) s.id, t.listing_id, s.user_id, s.frequency
        from taken as t
        join market_data.search_entries as e on e.listing_id = t.listing_id
        join market_data.listings as l on l.id = t.listing_id
        join market_data.saved_searches as s
            on s.anchors && (tsvector_to_array(e.terms) || '='::text)
            and s.frequency <> 'never'
        cross join lateral market.search_rows(
            (s.filters ->> 'price_min')::bigint, (s.filters ->> 'price_max')::bigint,
            (s.filters ->> 'generation')::bigint, (s.filters ->> 'year')::integer, null) as r
        where r.listing_id = t.listing_id
            and e.terms @@ s.terms
            and s.user_id is distinct from l.owner_user_id
            and not exists (
                select
                from market_data.shop_members as m
                where m.shop_id = l.owner_shop_id
                    and m.user_id = s.user_id)
            and (coalesce(l.first_published_at, e.published_at) > s.since_at
                or (t.at > s.since_at and t.old_price_minor > (s.filters ->> 'price_max')::bigint))
    ),
    noted as (
        insert into market_data.search_alerts (
            saved_search_id, listing_id, user_id, found_at, due_at)
        select m.id, m.listing_id, m.user_id, v_now, case m.frequency
            when 'hourly' then date_trunc('hour', v_now, 'UTC') + interval '1 hour'
            -- every morning at nine in Moscow
            when 'daily' then date_trunc('day', v_now + interval '18 hours', 'UTC')
                + interval '6 hours'
            else v_now
        end
        from matched as m
        order by m.id, m.listing_id
        on conflict on constraint search_alert_once do nothing
    )
    select count(*) into v_count from taken;
    return v_count;
end
$$;

comment on function market.search_news_match(integer) is
    'Step: compares what is new with the saved searches. Raises: nothing.';
