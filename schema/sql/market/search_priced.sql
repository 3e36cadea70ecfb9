-- Guarantees: the p_want cheapest listings after a place in the order of prices that match the
-- terms (null: everything) and suit the filters, in order; with p_is_down the dearest before it.
-- Locks nothing. The filters name the currency.
--
-- The 2000 newest entries tell how common the matches are and what they cost. What is rare is taken
-- as a whole and sorted. What is very common is met soon by a walk in the order of prices. For the
-- rest, and where the walk fails because the matches have other prices than the market, the index
-- of terms is asked for the matches up to the first price of that sample, beyond which few can be;
-- then, should they not do, up to its eighth, to its 64th, and to the end.

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
    v_also constant tsquery := market.search_filter_terms(p_filters, true);
    v_all constant tsquery := coalesce(p_terms && v_also, p_terms, v_also);
    v_rows integer;
    v_sample record;
    v_edges bigint[];
    v_edge bigint;
    v_window tsquery;
    v_last_price bigint := p_after_price;
    v_last_id bigint := p_after_id;
    v_more record;
begin
    select coalesce(cardinality(f.ids), 0) as matches, f.prices into v_sample
    from market.search_walk(
        v_all, null, v_price_min, v_price_max, v_generation, v_year, 'infinity', 0, 2000) as f;
    if v_sample.matches >= 200 then
        v_rows := 6000 * p_want / v_sample.matches;
        select f.ids, f.prices, f.seen into v_more
        from market.search_price_walk(
            v_all, p_filters ->> 'currency', v_price_min, v_price_max, v_generation, v_year,
            p_is_down, p_after_price, p_after_id, v_rows) as f;
        if v_more.seen < v_rows or cardinality(v_more.ids) >= p_want then
            return query select v_more.ids[:p_want], v_more.prices[:p_want];
            return;
        end if;
    end if;

    v_edges := array(
        select s.price
        from unnest(v_sample.prices) as s (price)
        where v_sample.matches >= 16
            and (p_after_id is null or v_sign * s.price > v_sign * p_after_price)
        order by v_sign * s.price);
    ids := '{}';
    prices := '{}';
    foreach v_rows in array array[1, 8, 64, 0] loop
        v_edge := v_edges[v_rows];
        continue when v_edge is null and v_rows > 0;
        v_window := market.search_price_window(
            p_filters ->> 'currency',
            case when p_is_down then v_edge else coalesce(v_last_price, v_price_min) end,
            case when p_is_down then coalesce(v_last_price, v_price_max) else v_edge end);
        select array_agg(m.listing_id) as ids, array_agg(m.price_minor) as prices into v_more
        from (
            select r.listing_id, r.price_minor
            from market.search_rows(
                v_price_min, v_price_max, v_generation, v_year, v_also) as r
            where r.terms @@ market.search_indexed(p_terms, v_window)
                and (v_last_id is null
                    or (v_sign * r.price_minor, v_sign * r.listing_id)
                        > (v_sign * v_last_price, v_sign * v_last_id))
                and (v_edge is null or v_sign * r.price_minor <= v_sign * v_edge)
            order by v_sign * r.price_minor, v_sign * r.listing_id
            limit p_want - cardinality(ids)
        ) as m;
        ids := ids || v_more.ids;
        prices := prices || v_more.prices;
        exit when cardinality(ids) >= p_want;
        v_last_price := v_edge;
        -- behind every id of that price
        v_last_id := case when p_is_down then 0 else 9223372036854775807 end;
    end loop;
    return next;
end
$$;

comment on function market.search_priced(tsquery, jsonb, boolean, bigint, bigint, integer) is
    'Step: the cheapest or dearest listings that match, as arrays of one order; null or empty when '
    'there are none. Raises: nothing.';
