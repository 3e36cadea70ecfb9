-- Guarantees: one page of a search: ids in order, each with its page key. Locks nothing.
--
-- A page key is the row's place in the order, and what the next page must know of this search:
--   bit 62      the words were corrected, because too few listings matched as they were written
--   bits 59-61  relevance: the pass that found the row; bits 51-58 its rank in it
--   bits 0-50   relevance: when the first page was read, so that the ranked rows stay the same
--               while new ones come; otherwise, and in the pass rest, the row's time or price
-- Times are microseconds since 2000. Any number is some key: a wrong one gives a wrong page only.

create or replace function market.search_find(
    p_query text,
    p_filters jsonb,
    p_sort text,
    p_limit integer,
    p_after_key bigint,
    p_after_id bigint
)
returns table (
    place bigint,
    listing_id bigint,
    page_key bigint
)
language plpgsql
stable
rows 20
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit constant integer := least(greatest(coalesce(p_limit, 20), 1), 100);
    v_is_first constant boolean := p_after_key is null;
    v_terms record;
    v_sort text;
    v_corrected tsquery;
    v_page record;
begin
    if (p_after_key is null) <> (p_after_id is null) then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'search_cursor_incomplete',
            column = case when p_after_key is null then 'after_key' else 'after_id' end,
            message = 'a page follows both the key and the id of the last row before it';
    end if;

    select t.numbers, t.analogues, t.prefix, t.words into v_terms
    from market.search_readings(p_query) as t;
    v_sort := case
        when p_sort <> 'relevance' then p_sort
        when coalesce(v_terms.numbers, v_terms.prefix, v_terms.words) is null then 'new'
        else 'relevance'
    end;
    if v_terms.words is not null and (p_after_key & (1::bigint << 62)) <> 0 then
        v_corrected := market.search_corrected(p_query);
    end if;

    loop
        select f.ids, f.keys into v_page
        from market.search_passes(
            v_terms.numbers, v_terms.analogues, v_terms.prefix, v_terms.words, v_corrected,
            p_filters, v_sort, case when v_is_first then greatest(v_limit, 5) else v_limit end,
            p_after_key, p_after_id) as f;
        -- Fewer than five for words: perhaps they are misspelt. Only a first page asks.
        exit when not v_is_first or v_terms.words is null or v_corrected is not null
            or cardinality(v_page.ids) >= 5;
        v_corrected := market.search_corrected(p_query);
        exit when v_corrected is null;
    end loop;

    return query
    select r.place, r.listing_id,
        case when v_corrected is null then r.page_key else r.page_key | (1::bigint << 62) end
    from unnest(v_page.ids, v_page.keys) with ordinality as r (listing_id, page_key, place)
    order by r.place
    limit v_limit;
end
$$;

comment on function market.search_find(text, jsonb, text, integer, bigint, bigint) is
    'Step: the ids of one page of a search, in order. Raises: search_cursor_incomplete.';
