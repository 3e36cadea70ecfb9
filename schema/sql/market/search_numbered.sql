-- Guarantees: the p_want listings with the highest numbers below p_before_id that match the terms
-- and suit the filters, the highest first. Locks nothing. Listings of one part number are few or
-- very many, so the index of terms is asked about the latest listings first, and then about more.

create or replace function market.search_numbered(
    p_terms tsquery,
    p_filters jsonb,
    p_before_id bigint,
    p_want integer
)
returns bigint[]
language plpgsql
stable
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
    v_top bigint;
    v_shift integer;
    v_window tsquery;
    v_ids bigint[];
begin
    select e.listing_id into v_top
    from market_data.search_entries as e
    where p_before_id is null
        or e.listing_id < p_before_id
    order by e.listing_id desc
    limit 1;

    foreach v_shift in array array[13, 16, 63] loop
        continue when v_top >> v_shift <= 1 and v_shift < 63;
        v_window := format(
            '''=e%s:%s'' | ''=e%s:%s''', v_shift, v_top >> v_shift, v_shift,
            (v_top >> v_shift) - 1)::tsquery;
        select array_agg(m.listing_id) into v_ids
        from (
            select r.listing_id
            from market.search_rows(
                v_price_min, v_price_max, v_generation, v_year, v_also) as r
            where r.terms @@ case when v_shift < 63 then p_terms && v_window else p_terms end
                -- coalesce keeps the index of numbers out of this: the window is the better one
                and coalesce(r.listing_id, 0) <= v_top
            order by r.listing_id desc
            limit p_want
        ) as m;
        exit when cardinality(v_ids) >= p_want;
    end loop;
    return v_ids;
end
$$;

comment on function market.search_numbered(tsquery, jsonb, bigint, integer) is
    'Step: the listings that match, the highest number first; null when there are none. Raises: '
    'nothing.';
