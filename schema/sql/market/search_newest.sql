-- Guarantees: the newest p_want listings before a place in the order of time that match the terms
-- (null: everything) and suit the filters, newest first; with p_rank also how well each suits those
-- words, 0 to 255. Locks nothing.
--
-- No search may read the whole market, and no estimate is trusted. First 500 rows are looked at,
-- back in time: what is common is found there. What is not is asked of the index of terms, within a
-- stretch of time that is as long as those 500 rows make it probable, and again within a longer
-- one, until enough is found. Every statement has one plan, made once for all searches of a
-- session.

create or replace function market.search_newest(
    p_terms tsquery,
    p_rank tsquery,
    p_filters jsonb,
    p_before_at timestamptz,
    p_before_id bigint,
    p_want integer
)
returns table (ids bigint[], ats timestamptz[], ranks bigint[])
language plpgsql
stable
rows 1
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
    v_price_min constant bigint := (p_filters ->> 'price_min')::bigint;
    v_price_max constant bigint := (p_filters ->> 'price_max')::bigint;
    v_generation constant bigint := (p_filters ->> 'generation')::bigint;
    v_year constant integer := (p_filters ->> 'year')::integer;
    v_also constant tsquery := market.search_filter_terms(p_filters, true);
    v_all constant tsquery := coalesce(p_terms && v_also, p_terms, v_also);
    -- of everything, nearly every row that is looked at is wanted
    v_rows constant integer := case when v_all is null then p_want + 50 else 500 end;
    v_walk record;
    v_days float8;
    v_found integer;
    v_window tsquery;
begin
    select f.ids, f.ats, f.ranks, f.seen, f.newest, f.oldest into v_walk
    from market.search_walk(
        v_all, p_rank, v_price_min, v_price_max, v_generation, v_year, p_before_at,
        p_before_id, v_rows) as f;
    v_found := coalesce(cardinality(v_walk.ids), 0);
    if v_walk.seen < v_rows or v_found >= p_want then
        return query select v_walk.ids[:p_want], v_walk.ats[:p_want], v_walk.ranks[:p_want];
        return;
    end if;

    v_days := greatest(extract(epoch from v_walk.newest - v_walk.oldest)::float8 / 86400, 0.001);
    loop
        v_days := v_days
            * case when v_found < 3 then 32 else least(1.5 * p_want / v_found + 1, 32) end;
        v_window := market.search_window(v_walk.newest, v_days);

        select
            array_agg(m.listing_id), array_agg(m.published_at),
            array_agg(least(255, round(ts_rank(m.terms, p_rank) * 255))::bigint)
        into ids, ats, ranks
        from (
            select r.listing_id, r.published_at, r.terms
            from market.search_rows(
                v_price_min, v_price_max, v_generation, v_year, v_also) as r
            where r.terms @@ market.search_indexed(p_terms, v_window)
                -- coalesce keeps the index of time out of this: the window is the better one
                and (coalesce(r.published_at, p_before_at), r.listing_id)
                    < (p_before_at, p_before_id)
            order by r.published_at desc, r.listing_id desc
            limit p_want
        ) as m;
        v_found := coalesce(cardinality(ids), 0);
        exit when v_found >= p_want or v_window is null;
    end loop;
    return next;
end
$$;

comment on function market.search_newest(
    tsquery, tsquery, jsonb, timestamptz, bigint, integer) is
    'Step: the newest listings that match, as arrays of one order; null when there are none. '
    'Raises: nothing.';
