-- A step of a search: when the first or the last words of a query, three at most, are a spelling of
-- a brand: the brand's own name where it is spelt otherwise, and the query without them. The
-- longest spelling wins, and the first words before the last. Six lookups by index at most, one
-- after the other: a join over all spellings costs ten times as much. Locks nothing.

create or replace function catalog.brand_rewrite(p_query text)
returns table (
    other_name text,
    rest text
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pieces constant text[] := regexp_split_to_array(btrim(p_query), '\s+');
    v_count constant integer := cardinality(v_pieces);
    v_spelling text;
begin
    for v_words in reverse least(v_count, 3) .. 1 loop
        v_spelling := catalog_data.name_normalise(array_to_string(v_pieces[1 : v_words], ' '));
        rest := array_to_string(v_pieces[v_words + 1 :], ' ');
        for v_side in 1 .. 2 loop
            select case when catalog_data.name_normalise(b.name) <> v_spelling then b.name end
            into other_name
            from catalog_data.brand_synonyms as s
            join catalog_data.brands as b on b.id = s.brand_id
            where s.synonym_norm = v_spelling;
            if found then
                return next;
                return;
            end if;
            v_spelling := catalog_data.name_normalise(
                array_to_string(v_pieces[v_count - v_words + 1 :], ' '));
            rest := array_to_string(v_pieces[: v_count - v_words], ' ');
        end loop;
    end loop;
end
$$;

comment on function catalog.brand_rewrite(text) is
    'Step: a query whose first or last words are a brand: other_name is the brand''s own name, '
    'null when it is spelt so already; rest is what is left, which may be empty. No row when there '
    'is no brand. Raises: nothing.';
