-- Guarantees: "TRW GDB 1550 передние": a number may be any one, two, three or four words of the
-- first six that stand together, when there is a digit in them and they are five signs long or
-- longer; the whole query is not among them. Locks nothing.

create or replace function market.search_number_pieces(p_query text, p_whole text)
returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pieces constant text[] := regexp_split_to_array(btrim(p_query), '\s+');
    v_numbers text[];
begin
    if cardinality(v_pieces) < 2 then
        return '{}'::text[];
    end if;
    select coalesce(array_agg(distinct n.number), '{}') into v_numbers
    from generate_series(1, least(cardinality(v_pieces), 6)) as f (at)
    cross join generate_series(f.at, least(cardinality(v_pieces), 6, f.at + 3)) as t (at)
    cross join catalog_data.part_number_normalise(
        array_to_string(v_pieces[f.at : t.at], '')) as n (number)
    where char_length(n.number) between 5 and 64
        and n.number ~ '[0-9]'
        and n.number <> p_whole;
    return v_numbers;
end
$$;

comment on function market.search_number_pieces(text, text) is
    'Step: the part numbers that the words of a query may be together. Raises: nothing.';
