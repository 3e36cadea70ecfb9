-- Guarantees: the filters that are present as a query for the index of terms; null when there are
-- none. A narrow stretch of prices is among them, in bands that hold all of it; wide ones, and the
-- year of a vehicle, are left to search_rows. A value that no extra field can have finds nothing.
-- Locks nothing.

create or replace function market.search_filter_terms(p_filters jsonb)
returns tsquery
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_terms tsquery;
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
        union all
        select case when octet_length(n.tag) <= 400 then n.tag else '=nothing' end
        from jsonb_each(p_filters -> 'attributes') as a
        cross join market_data.search_attribute_tag(a.key, a.value) as n (tag)
    ) as t;

    if v_high - v_low <= 16 then
        v_terms := v_terms && market.search_price_window(
            p_filters ->> 'currency', (p_filters ->> 'price_min')::bigint,
            (p_filters ->> 'price_max')::bigint);
    end if;
    return v_terms;
end
$$;

comment on function market.search_filter_terms(jsonb) is
    'Step: the filters of a search as a query for the index of terms; null without any. Raises: '
    'nothing.';
