-- Guarantees: the filters that were given, checked, by name; those that were not are not in it.
-- An id that does not exist is no error: nothing is found by it. Locks nothing.

create or replace function market.search_filters(
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
    p_attributes jsonb,
    p_sort text,
    p_min_rating integer
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_about_price constant boolean :=
        coalesce(p_price_min, p_price_max) is not null or p_sort in ('price', '-price');
    -- Nothing costs more than 10^12, and what is computed with it must fit.
    v_most constant bigint := 2000000000000;
    v_reason text;
    v_field text;
begin
    select r.reason, r.field into v_reason, v_field
    from (
        values
            (p_kind not in ('car', 'part', 'service'), 'kind_unknown', 'kind'),
            (p_condition not in ('new', 'used', 'rebuilt'),
                'search_condition_unknown', 'condition'),
            (p_currency not in ('RUB', 'USD', 'EUR', 'KZT', 'BYN'),
                'search_currency_unknown', 'currency'),
            (p_price_min < 0 or p_price_min > p_price_max, 'search_price_range', 'price_min'),
            (p_price_max < 0, 'search_price_range', 'price_max'),
            (p_year is not null and p_generation is null,
                'search_year_needs_generation', 'year'),
            (jsonb_typeof(p_attributes) <> 'object' or pg_column_size(p_attributes) > 2048,
                'search_attributes_shape', 'attributes'),
            (p_min_rating not between 1 and 5, 'search_rating_range', 'min_rating'),
            (p_sort not in ('relevance', 'new', 'price', '-price'), 'search_sort_unknown', 'sort')
    ) as r (is_broken, reason, field)
    where r.is_broken
    limit 1;
    if found then
        raise exception using
            errcode = 'ZINVL',
            constraint = v_reason,
            column = v_field,
            message = format('the filter %s of a search does not suit: %s', v_field, v_reason);
    end if;

    return jsonb_strip_nulls(jsonb_build_object(
        'kind', p_kind, 'category', p_category, 'subcategory', p_subcategory, 'brand', p_brand,
        'place', p_place, 'condition', p_condition,
        'price_min', case when p_price_min > v_most then v_most else p_price_min end,
        'price_max', case when p_price_max > v_most then v_most else p_price_max end,
        'in_stock', nullif(p_in_stock, false),
        'generation', p_generation, 'year', p_year, 'min_rating', p_min_rating,
        'currency', coalesce(p_currency, case when v_about_price then 'RUB' end)))
        -- beside the others: a null inside it is a value that no listing has, not "any"
        || case
            when p_attributes <> '{}' then jsonb_build_object('attributes', p_attributes)
            else '{}'
        end;
end
$$;

comment on function market.search_filters(
    text, bigint, bigint, bigint, bigint, text, bigint, bigint, text, boolean, bigint, integer,
    jsonb, text, integer) is
    'Step: the filters of a search, checked, as an object of those that were given. Raises: '
    'kind_unknown, search_sort_unknown, search_condition_unknown, search_currency_unknown, '
    'search_price_range, search_rating_range, search_year_needs_generation, '
    'search_attributes_shape.';
