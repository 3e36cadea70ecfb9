-- Guarantees: the p_limit oldest news of listings that are published are compared with the saved
-- searches and gone; what is hidden keeps its news until it is published again. A match is new when
-- the listing was first published after the search was saved, has just become cheap enough for it,
-- or says only since then that it fits the vehicle; and what was found and never told stays new.
-- Never matched: what the searcher sells, or a shop of theirs. Whether the seller is blocked is
-- looked at when it is told. One session at a time does this, another one leaves it to that (an
-- advisory lock). Locks the news, and then what search_alerts_note does. Gives how many news there
-- were.
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
    v_found record;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('market.search_news', 0)) then
        return 0;
    end if;

    with taken as materialized (
        delete from market_data.search_news as n
        where n.id in (
            select o.id
            from market_data.search_news as o
            where exists (
                select from market_data.search_entries as e where e.listing_id = o.listing_id)
            order by o.id
            limit p_limit)
        returning n.listing_id, n.at, n.old_price_minor
    ),
    matched as (
        select distinct s.id, t.listing_id
        from taken as t
        join market_data.search_entries as e on e.listing_id = t.listing_id
        join market_data.listings as l on l.id = t.listing_id
        join market_data.saved_searches as s
            on s.anchors && (tsvector_to_array(e.terms) || '='::text)
            and s.frequency <> 'never'
        cross join lateral jsonb_to_record(s.filters) as f (
            price_min bigint, price_max bigint, generation bigint, year integer)
        where e.terms @@ s.terms
            and e.price_minor >= coalesce(f.price_min, 0)
            and (f.price_max is null or e.price_minor <= f.price_max)
            and (f.year is null or market.listing_fits(t.listing_id, f.generation, f.year, null))
            and s.user_id is distinct from l.owner_user_id
            and not exists (
                select
                from market_data.shop_members as m
                where m.shop_id = l.owner_shop_id
                    and m.user_id = s.user_id)
            and (
                coalesce(l.first_published_at, e.published_at) > s.since_at
                or (t.at > s.since_at and t.old_price_minor > f.price_max)
                or (f.generation is not null and not market.listing_fits(
                    t.listing_id, f.generation, f.year, s.since_at))
                or exists (
                    select
                    from market_data.search_alerts as a
                    where a.saved_search_id = s.id
                        and a.listing_id = t.listing_id
                        and a.told_at is null))
    )
    select (select count(*) from taken) as count, array_agg(m.id) as searches,
        array_agg(m.listing_id) as listings
    into v_found
    from matched as m;

    perform market.search_alerts_note(v_found.searches, v_found.listings);
    return v_found.count;
end
$$;

comment on function market.search_news_match(integer) is
    'Step: compares what is new with the saved searches. Raises: nothing.';
