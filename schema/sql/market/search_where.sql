-- Guarantees: the conditions of the filters that are present, as a text that holds no value: they
-- come as the parameter $1 of the statement. Locks nothing.

create or replace function market.search_where(p_filters jsonb)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_where text := 'l.status = ''published''';
    v_fits constant text :=
        'l.listing_id in (select f.listing_id from market_data.listing_fitments as f'
        ' where f.generation_id = ($1 ->> ''generation'')::bigint';
    v_condition text;
begin
    for v_condition in
        select c.condition
        from (
            values
                ('kind', 'l.kind = $1 ->> ''kind'''),
                ('category', 'l.category_id = ($1 ->> ''category'')::bigint'),
                ('subcategory', 'l.subcategory_id = ($1 ->> ''subcategory'')::bigint'),
                ('brand', 'l.brand_id = ($1 ->> ''brand'')::bigint'),
                ('place', 'l.place_id = ($1 ->> ''place'')::bigint'),
                ('condition', 'l.condition = $1 ->> ''condition'''),
                ('currency', 'l.currency = $1 ->> ''currency'''),
                ('price_min', 'l.price_minor >= ($1 ->> ''price_min'')::bigint'),
                ('price_max', 'l.price_minor <= ($1 ->> ''price_max'')::bigint'),
                ('in_stock', 'l.stock_quantity > 0'),
                ('attributes', 'l.attributes @> ($1 -> ''attributes'')'),
                ('generation', v_fits || ')'),
                ('year', v_fits
                    || ' and coalesce(f.year_from, 0) <= ($1 ->> ''year'')::integer'
                    ' and coalesce(f.year_to, 9999) >= ($1 ->> ''year'')::integer)')
        ) as c (filter, condition)
        where p_filters ? c.filter
            and not (c.filter = 'generation' and p_filters ? 'year')
    loop
        v_where := v_where || ' and ' || v_condition;
    end loop;
    return v_where;
end
$$;

comment on function market.search_where(jsonb) is
    'Step: the where clause of the filters that are present; their values stay parameters. '
    'Raises: nothing.';
