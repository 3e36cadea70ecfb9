-- Guarantees: what a query may mean, each meaning as a query for the index of terms, null for what
-- it does not mean; all are null when it says nothing. Only the first 200 characters count. Locks
-- nothing.

create or replace function market.search_readings(p_query text)
returns table (
    numbers tsquery,
    analogues tsquery,
    prefix tsquery,
    words tsquery
)
language plpgsql
stable
rows 1
set search_path = pg_catalog, pg_temp
-- a query of nothing but "the" is answered, not remarked upon
set client_min_messages = warning
as $$
declare
    v_query constant text := left(coalesce(p_query, ''), 200);
    v_whole constant text := catalog_data.part_number_normalise(v_query);
    v_brand record;
    v_own tsquery;
    v_numbers text[];
    v_analogues text[];
begin
    words := nullif(websearch_to_tsquery('pg_catalog.russian', v_query), '');
    -- "Манн масляный": the brand as it spells itself is looked for too.
    select b.other_name, b.rest into v_brand from catalog.brand_rewrite(v_query) as b;
    if v_brand.other_name is not null then
        v_own := nullif(
            websearch_to_tsquery(
                'pg_catalog.russian', concat_ws(' ', v_brand.other_name, v_brand.rest)),
            '');
        words := coalesce(words || v_own, v_own, words);
    end if;
    -- the word "the" alone is noise, and not a number
    if char_length(v_whole) between 1 and 64 and (v_whole ~ '[0-9]' or words is not null) then
        v_numbers := array[v_whole];
    end if;

    if v_query ~ '[0-9]' then
        v_numbers := v_numbers || market.search_number_pieces(v_query, v_whole);
        -- "Манн W 75/3": short numbers count when a brand stands before or behind them.
        if v_brand.rest ~ '[0-9]' then
            v_numbers := v_numbers || catalog_data.part_number_normalise(v_brand.rest);
        end if;
        select array_agg(distinct a.number) into v_analogues
        from unnest(v_numbers) as n (number)
        cross join unnest(catalog.part_number_expand(n.number)) as a (number)
        where n.number ~ '[0-9]'
            and a.number <> all (v_numbers);
        if char_length(v_whole) between 3 and 64 then
            prefix := (market.search_quote('=#' || v_whole) || ':*')::tsquery;
        end if;
    end if;

    select string_agg(market.search_quote('=#' || n.number), ' | ')::tsquery into numbers
    from unnest(v_numbers) as n (number);
    select string_agg(market.search_quote('=#' || n.number), ' | ')::tsquery into analogues
    from unnest(v_analogues) as n (number);
    return next;
end
$$;

comment on function market.search_readings(text) is
    'Step: the readings of a query, each null when it is none: part numbers, their analogues, '
    'numbers that begin so, and words. Raises: nothing.';
