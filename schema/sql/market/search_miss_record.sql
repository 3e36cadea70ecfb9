-- Guarantees: a search that found nothing is remembered, in one spelling and without its person;
-- the same one once in ten minutes, and no more than six hundred searches a minute, so that nobody
-- fills a disk by asking. A search without words is not remembered. Locks nothing.

create or replace function market.search_miss_record(
    p_query text,
    p_kind text,
    p_category bigint,
    p_subcategory bigint,
    p_brand bigint,
    p_place bigint,
    p_condition text,
    p_price_min bigint,
    p_price_max bigint,
    p_currency text,
    p_in_stock boolean,
    p_generation bigint,
    p_year integer,
    p_attributes jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_query constant text := left(btrim(regexp_replace(
        translate(lower(coalesce(p_query, '')), 'ё', 'е'), '\s+', ' ', 'g')), 200);
    v_filters constant jsonb := market.search_filters(
        p_kind, p_category, p_subcategory, p_brand, p_place, p_condition, p_price_min,
        p_price_max, p_currency, p_in_stock, p_generation, p_year, p_attributes, null, null);
begin
    if v_query = ''
        or exists (
            select
            from market_data.search_misses as m
            where m.at > v_now - interval '10 minutes'
                and m.at <= v_now
                and m.query = v_query
                and m.filters = v_filters)
        or (
            select count(*)
            from (
                select
                from market_data.search_misses as m
                where m.at > v_now - interval '1 minute'
                    and m.at <= v_now
                limit 600
            ) as k) >= 600
    then
        return;
    end if;
    insert into market_data.search_misses (at, query, filters)
    values (v_now, v_query, v_filters);
end
$$;

comment on function market.search_miss_record(
    text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean, bigint,
    integer, jsonb) is
    'Remembers a search that found nothing. Raises: kind_unknown, search_condition_unknown, '
    'search_currency_unknown, search_price_range, search_year_needs_generation, '
    'search_attributes_shape.';

grant execute on function market.search_miss_record(
    text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean, bigint,
    integer, jsonb) to kardan_api, kardan_bot;
