-- Guarantees: the p_want cheapest listings after a place in the order of prices that match the terms
-- and suit the filters, in order; with p_is_down the dearest before it. Locks nothing. Works as
-- search_newest does, along bands of prices in place of stretches of time. The filters name the
-- currency, so that there are always terms.

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
    v_price_min constant bigint := p_filters ->> 'price_min';
    v_price_max constant bigint := p_filters ->> 'price_max';
    v_generation constant bigint := p_filters ->> 'generation';
    v_year constant integer := p_filters ->> 'year';
    v_sign constant bigint := case when p_is_down then -1 else 1 end;
    v_bands integer;
    v_window tsquery;
    v_walk record;
begin
    select f.ids, f.prices, f.seen, f.first, f.last into v_walk
    from market.search_price_walk(
        p_terms, p_filters ->> 'currency', v_price_min, v_price_max, v_generation, v_year,
        p_is_down, p_after_price, p_after_id, 500) as f;
    if v_walk.seen < 500 or cardinality(v_walk.ids) >= p_want then
        return query select v_walk.ids[:p_want], v_walk.prices[:p_want];
        return;
    end if;

    foreach v_bands in array array[2, 8, 32, 1000] loop
        v_window := market.search_price_window(
            p_filters ->> 'currency', v_walk.first, v_walk.last, v_bands * v_sign::integer);
        select array_agg(m.listing_id), array_agg(m.price_minor) into ids, prices
        from (
            select r.listing_id, r.price_minor
            from market.search_rows(v_price_min, v_price_max, v_generation, v_year) as r
            where r.terms @@ coalesce(p_terms && v_window, p_terms)
                and (p_after_id is null
                    or (v_sign * r.price_minor, v_sign * r.listing_id)
                        > (v_sign * p_after_price, v_sign * p_after_id))
            order by v_sign * r.price_minor, v_sign * r.listing_id
            limit p_want
        ) as m;
        exit when cardinality(ids) >= p_want;
    end loop;
    return next;
end
$$;

comment on function market.search_priced(tsquery, jsonb, boolean, bigint, bigint, integer) is
    'Step: the cheapest or dearest listings that match, as arrays of one order; null when there '
    'are none. Raises: nothing.';
