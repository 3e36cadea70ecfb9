-- Guarantees: up to p_limit ids after the given key, in order. By relevance the passes follow one
-- another, from the exact number down, until the page is full: what a part number has found costs
-- no full-text search. Locks nothing. For the page key see search_find.sql.

create or replace function market.search_passes(
    p_numbers tsquery,
    p_analogues tsquery,
    p_prefix tsquery,
    p_words tsquery,
    p_corrected tsquery,
    p_filters jsonb,
    p_sort text,
    p_limit integer,
    p_after_key bigint,
    p_after_id bigint
)
returns table (ids bigint[], keys bigint[])
language plpgsql
stable
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_relevance constant boolean := p_sort = 'relevance';
    v_passes constant text[] := case
        when v_is_relevance then array['number', 'analogue', 'prefix', 'text', 'rest', 'typo']
        else array[p_sort]
    end;
    v_readings constant tsquery[] :=
        array[p_numbers, p_analogues, p_prefix, p_words, p_words, p_corrected];
    v_start constant integer := case
        when v_is_relevance and p_after_key is not null then
            least(greatest(7 - ((p_after_key >> 59) & 7), 1), 6)
        else 1
    end;
    v_low constant bigint := coalesce(
        p_after_key & ((1::bigint << 51) - 1),
        (extract(epoch from ops.clock_now()) * 1000000)::bigint - 946684800000000);
    v_moment constant timestamptz :=
        '2000-01-01 00:00:00+00'::timestamptz + v_low * interval '1 microsecond';
    v_filter_terms constant tsquery := market.search_filter_terms(p_filters, false);
    v_after_at timestamptz := v_moment;
    v_after_id bigint := p_after_id;
    v_page record;
begin
    ids := '{}';
    keys := '{}';
    for v_position in v_start .. cardinality(v_passes) loop
        continue when v_is_relevance and v_readings[v_position] is null;
        continue when v_passes[v_position] = 'rest' and v_after_id is null;

        select f.ids, f.keys, f.edge_at, f.edge_id into v_page
        from market.search_pass(
            v_passes[v_position],
            market.search_pass_terms(
                v_passes[v_position], p_numbers, p_analogues, p_prefix, p_words, p_corrected,
                v_filter_terms),
            v_readings[v_position], p_filters, v_moment,
            case when v_is_relevance then (p_after_key >> 51) & 255 else v_low end,
            v_after_at, v_after_id, p_limit - cardinality(ids),
            case
                when not v_is_relevance then 0
                when v_passes[v_position] = 'rest' then (7 - v_position)::bigint << 59
                else (7 - v_position)::bigint << 59 | v_low
            end) as f;

        ids := ids || v_page.ids;
        keys := keys || v_page.keys;
        exit when cardinality(ids) >= p_limit;
        -- Set where text has ranked all it may: the rest begins after the oldest of those.
        v_after_at := v_page.edge_at;
        v_after_id := v_page.edge_id;
    end loop;
    return next;
end
$$;

comment on function market.search_passes(
    tsquery, tsquery, tsquery, tsquery, tsquery, jsonb, text, integer, bigint, bigint) is
    'Step: ids and page keys of one page of a search, as two arrays of one order. Raises: nothing.';
