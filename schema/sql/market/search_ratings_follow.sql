-- A job: search entries say how their sellers are rated now. Takes news of ratings, the oldest
-- first, and 5000 listings a run; what a run leaves, the next one goes on with. Runs again safely.
-- Locks the news that it takes, leaving out what another session holds.
create or replace function market.search_ratings_follow()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_left integer := 5000;
    v_news record;
    v_listings bigint[];
begin
    for v_news in
        select n.id, n.subject, n.after_listing
        from market_data.rating_news as n
        order by n.id
        limit 500
        for update skip locked
    loop
        v_listings := market.seller_listings(v_news.subject, v_news.after_listing, v_left);
        perform market_data.search_entries_store(l.id, l.id)
        from unnest(v_listings) as l (id);

        v_left := v_left - cardinality(v_listings);
        if v_left > 0 then
            delete from market_data.rating_news as n where n.id = v_news.id;
        else
            update market_data.rating_news as n
            set after_listing = v_listings[cardinality(v_listings)]
            where n.id = v_news.id;
            exit;
        end if;
    end loop;
end
$$;

comment on function market.search_ratings_follow() is
    'Brings the stars of sellers into the entries of search. Raises: nothing.';

grant execute on function market.search_ratings_follow() to kardan_maintenance;
