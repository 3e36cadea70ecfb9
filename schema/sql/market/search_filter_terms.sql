-- Guarantees: the filters that are present as a query for terms; null when there are none. With
-- p_is_common only those that nearly every listing passes (its currency, being in stock, being a
-- part), or only the others: a list of nearly all rows costs the index more than it spares, so
-- those are looked at row by row. A narrow stretch of prices is among them, in bands that hold all
-- of it; wide ones, and the year of a vehicle, are left to search_rows. A value that no extra field
-- can have finds nothing. Locks nothing.

create or replace function market.search_filter_terms(p_filters jsonb, p_is_common boolean)
returns tsquery
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_terms tsquery;
    v_window tsquery;
    v_low constant integer := market_data.search_price_band((p_filters ->> 'price_min')::bigint);
    v_high constant integer := market_data.search_price_band((p_filters ->> 'price_max')::bigint);
begin
    select string_agg(market.search_quote(t.tag), ' & ')::tsquery into v_terms
    from (
        select case f.key when 'in_stock' then '=i' else s.sign || (f.value #>> '{}') end as tag
        from jsonb_each(p_filters) as f
        join (
            values
                ('kind', '=k:'), ('category', '=c:'), ('subcategory', '=s:'), ('brand', '=b:'),
                ('place', '=p:'), ('condition', '=n:'), ('currency', '=m:'), ('in_stock', ''),
                ('generation', '=g:')
        ) as s (key, sign) on s.key = f.key
        where p_is_common is null
            or p_is_common = (
                f.key in ('currency', 'in_stock') or (f.key = 'kind' and f.value = '"part"'))
        union all
        select case when octet_length(n.tag) <= 400 then n.tag else '=nothing' end
        from jsonb_each(p_filters -> 'attributes') as a
        cross join market_data.search_attribute_tag(a.key, a.value) as n (tag)
        where p_is_common is distinct from true
    ) as t;

    -- So many stars or more: one lexeme for each number of them.
    if p_filters ? 'min_rating' and p_is_common is distinct from true then
        select coalesce(v_terms && r.stars, r.stars) into v_terms
        from (
            select string_agg(market.search_quote('=r:' || s.stars), ' | ')::tsquery as stars
            from generate_series((p_filters ->> 'min_rating')::integer, 5) as s (stars)
        ) as r;
    end if;
    if v_high - v_low <= 16 and p_is_common is distinct from true then
        v_window := market.search_price_window(
            p_filters ->> 'currency', (p_filters ->> 'price_min')::bigint,
            (p_filters ->> 'price_max')::bigint);
    end if;
    return coalesce(v_terms && v_window, v_terms, v_window);
end
$$;

comment on function market.search_filter_terms(jsonb, boolean) is
    'Step: the filters of a search as a query for terms: all, the common ones or the others; null '
    'without any. Raises: nothing.';
