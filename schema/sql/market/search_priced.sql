-- Guarantees: the p_want cheapest listings after a place in the order of prices that match the
-- terms and suit the filters, in order; with p_is_down the dearest before it. Locks nothing. The
-- filters name the currency, so that there are always terms.
--
-- How common the matches are is told by the 500 newest entries. What is rare is taken as a whole
-- and sorted. What is common is met soon by a walk in the order of prices; where that fails,
-- because the matches have other prices than the rest, the index of terms is asked about some of
-- the bands of prices that follow, and the next, and the next.

create or replace function market.search_priced(
    p_terms tsquery,
    p_filters jsonb,
    p_is_down boolean,
    p_after_price bigint,
    p_after_id bigint,
    p_want integer
)
returns table (ids bigint[], prices bigint[])
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
    v_sign constant integer := case when p_is_down then -1 else 1 end;
    v_matches integer;
    v_window tsquery;
    v_seen bigint;
    v_first bigint;
    v_band integer;
    v_wide integer := 1;
    v_more record;
begin
    select coalesce(cardinality(f.ids), 0) into v_matches
    from market.search_walk(
        p_terms, null, v_price_min, v_price_max, v_generation, v_year, 'infinity', 0, 500) as f;
    if v_matches >= 5 then
        select f.ids, f.prices, f.seen, f.first into ids, prices, v_seen, v_first
        from market.search_price_walk(
            p_terms, p_filters ->> 'currency', v_price_min, v_price_max, v_generation, v_year,
            p_is_down, p_after_price, p_after_id, 1500 * p_want / v_matches) as f;
        if v_seen < 1500 * p_want / v_matches or cardinality(ids) >= p_want then
            ids := ids[:p_want];
            prices := prices[:p_want];
            return next;
            return;
        end if;
        v_band := market_data.search_price_band(v_first);
    end if;

    ids := '{}';
    prices := '{}';
    loop
        v_window := market.search_price_window(
            p_filters ->> 'currency', v_band, v_band + v_wide * v_sign);
        select array_agg(m.listing_id) as ids, array_agg(m.price_minor) as prices into v_more
        from (
            select r.listing_id, r.price_minor
            from market.search_rows(v_price_min, v_price_max, v_generation, v_year) as r
            where r.terms @@ coalesce(p_terms && v_window, p_terms)
                and (p_after_id is null
                    or (v_sign * r.price_minor, v_sign * r.listing_id)
                        > (v_sign * p_after_price, v_sign * p_after_id))
            order by v_sign * r.price_minor, v_sign * r.listing_id
            limit p_want - cardinality(ids)
        ) as m;
        ids := ids || v_more.ids;
        prices := prices || v_more.prices;
        exit when cardinality(ids) >= p_want
            or v_band is null
            or v_band + v_wide * v_sign not between 0 and 160;
        v_band := v_band + (v_wide + 1) * v_sign;
        v_wide := case when v_more.ids is null then v_wide + 1 else 1 end;
    end loop;
    return next;
end
$$;

comment on function market.search_priced(tsquery, jsonb, boolean, bigint, bigint, integer) is
    'Step: the cheapest or dearest listings that match, as arrays of one order; null or empty when '
    'there are none. Raises: nothing.';
