-- Guarantees: what a query may mean, whatever is written in it; empty when it says nothing. Only
-- the first 200 characters count. Locks nothing.

create or replace function market.search_terms(p_query text)
returns table (
    known text[],
    numbers text[],
    analogues text[],
    prefix text,
    words tsquery
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
-- a query of nothing but "the" is answered, not remarked upon
set client_min_messages = warning
as $$
declare
    v_query constant text := left(coalesce(p_query, ''), 200);
    v_whole constant text := catalog_data.part_number_normalise(v_query);
    v_pieces constant text[] := regexp_split_to_array(btrim(v_query), '\s+');
    v_words tsquery := nullif(websearch_to_tsquery('pg_catalog.russian', v_query), '');
    v_brand record;
    v_own tsquery;
    v_numbers text[];
    v_analogues text[];
    v_prefix constant text := case
        when v_whole ~ '[0-9]' and char_length(v_whole) between 3 and 64 then v_whole || '%'
    end;
begin
    if btrim(v_query) = '' then
        return query select '{}'::text[], '{}'::text[], '{}'::text[], null::text, null::tsquery;
        return;
    end if;

    -- "Манн масляный": the brand as it spells itself is looked for too.
    select b.other_name, b.rest into v_brand from catalog.brand_rewrite(v_query) as b;
    if v_brand.other_name is not null then
        v_own := nullif(
            websearch_to_tsquery(
                'pg_catalog.russian', concat_ws(' ', v_brand.other_name, v_brand.rest)),
            '');
        v_words := coalesce(v_words || v_own, v_own, v_words);
    end if;

    -- "TRW GDB 1550 передние": a number may be any two, three or four words of the first six
    -- that stand together, when there is a digit in them.
    select coalesce(array_agg(distinct n.number), '{}') into v_numbers
    from (
        select v_whole as number
        union all
        select catalog_data.part_number_normalise(array_to_string(v_pieces[f.at : t.at], ''))
        from generate_series(1, least(cardinality(v_pieces), 6)) as f (at)
        cross join generate_series(f.at, least(cardinality(v_pieces), 6, f.at + 3)) as t (at)
        where cardinality(v_pieces) > 1
        union all
        -- "Манн W 75/3": short numbers count when a brand stands before or behind them.
        select catalog_data.part_number_normalise(v_brand.rest)
    ) as n
    where char_length(n.number) between 1 and 64
        -- the word "the" alone is noise, and not a number
        and ((n.number = v_whole and (n.number ~ '[0-9]' or v_words is not null))
            or (n.number ~ '[0-9]' and char_length(n.number) >= 5)
            or (n.number ~ '[0-9]' and char_length(n.number) >= 2
                and n.number = catalog_data.part_number_normalise(v_brand.rest)));

    select coalesce(array_agg(distinct a.number), '{}') into v_analogues
    from unnest(v_numbers) as n (number)
    cross join unnest(catalog.part_number_expand(n.number)) as a (number)
    where n.number ~ '[0-9]'
        and a.number <> all (v_numbers);

    return query select
        array_remove(array[
            case when v_numbers <> '{}' then 'numbers' end,
            case when v_analogues <> '{}' then 'analogues' end,
            case when v_prefix is not null then 'prefix' end,
            case when v_words is not null then 'words' end], null),
        v_numbers, v_analogues, v_prefix, v_words;
end
$$;

comment on function market.search_terms(text) is
    'Step: the readings of a query, and which there are: part numbers, their analogues, the '
    'pattern of numbers that begin so (null: none), and words (null: none). Raises: nothing.';
