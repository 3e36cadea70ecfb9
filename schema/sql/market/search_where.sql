-- Guarantees: the conditions of the filters that are present, as a text that holds no value: they
-- come as the parameter $1 of the statement. Locks nothing.
--
-- A filter is led or not: those of the index that the order walks come first, there every row that
-- is met passes; the others only after it, because how far one must walk for them nobody knows
-- before. Each filter that has an index of its own has time in it, so a walk back in time has one.

create or replace function market.search_where(
    p_filters jsonb,
    p_pass text,
    p_is_led boolean
)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_led constant text[] := case
        when p_pass in ('new', 'rest') then array(
            select f.filter
            from unnest(array['subcategory', 'brand', 'place', 'category'])
                with ordinality as f (filter, ordinal)
            where p_filters ? f.filter
            order by f.ordinal
            limit 1)
        when p_pass in ('price', '-price') then
            array['currency', 'category', 'price_min', 'price_max']
        else '{}'
    end;
    v_fits constant text :=
        'l.listing_id in (select f.listing_id from market_data.listing_fitments as f'
        ' where f.generation_id = ($1 ->> ''generation'')::bigint';
    v_where text;
begin
    select string_agg(c.condition, ' and ' order by c.ordinal) into v_where
    from (
        values
            (1, 'kind', 'l.kind = $1 ->> ''kind'''),
            (2, 'category', 'l.category_id = ($1 ->> ''category'')::bigint'),
            (3, 'subcategory', 'l.subcategory_id = ($1 ->> ''subcategory'')::bigint'),
            (4, 'brand', 'l.brand_id = ($1 ->> ''brand'')::bigint'),
            (5, 'place', 'l.place_id = ($1 ->> ''place'')::bigint'),
            (6, 'condition', 'l.condition = $1 ->> ''condition'''),
            (7, 'currency', 'l.currency = $1 ->> ''currency'''),
            (8, 'price_min', 'l.price_minor >= ($1 ->> ''price_min'')::bigint'),
            (9, 'price_max', 'l.price_minor <= ($1 ->> ''price_max'')::bigint'),
            (10, 'in_stock', 'l.stock_quantity > 0'),
            (11, 'attributes', 'l.attributes @> ($1 -> ''attributes'')'),
            (12, 'generation', v_fits || ')'),
            (13, 'year', v_fits
                || ' and coalesce(f.year_from, 0) <= ($1 ->> ''year'')::integer'
                ' and coalesce(f.year_to, 9999) >= ($1 ->> ''year'')::integer)')
    ) as c (ordinal, filter, condition)
    where p_filters ? c.filter
        and (c.filter = any (v_led)) = p_is_led
        and not (c.filter = 'generation' and p_filters ? 'year');
    return v_where;
end
$$;

comment on function market.search_where(jsonb, text, boolean) is
    'Step: the conditions of the filters that are present, null when there are none; their values '
    'stay parameters. Raises: nothing.';
