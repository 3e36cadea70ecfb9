-- The one place where the statements of a search are made, with search_statement_ranked.sql.
-- Guarantees: a text of constant pieces, chosen by the terms and filters that there are; every
-- value is a parameter: $1 filters, $2 numbers, $3 analogues, $4 prefix, $5 words, $6 corrected
-- words, $7 published until then, $8 $9 $10 after this price or rank, time and id, $11 how many,
-- $12 the constant part of the page key. It gives ids and page keys in order, and whether they are
-- an answer. Locks nothing.
--
-- Two ways, neither of which trusts an estimate, so that no search reads the whole market. near
-- walks an index in its order and looks at 3000 rows: what is common is found there, what is not
-- is no answer yet. far takes all that matches by its own indexes and sorts it: what is rare, or
-- lies at the other end of the order, is soon taken. Without conditions beyond those of the index
-- near is always an answer. Numbers are taken by far; when there are more than 10000, that is no
-- answer, and walk meets the latest of them soon.

create or replace function market.search_statement(
    p_pass text,
    p_way text,
    p_terms text[],
    p_filters jsonb,
    p_is_after boolean
)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_led constant text := concat_ws(' and ',
        'l.status = ''published''', market.search_where(p_filters, p_pass, true),
        case
            when not p_is_after then null
            when p_pass in ('new', 'rest') then '(l.published_at, l.listing_id) < ($9, $10)'
            when p_pass = 'price' then '(l.price_minor, l.listing_id) > ($8, $10)'
            when p_pass = '-price' then '(l.price_minor, l.listing_id) < ($8, $10)'
            else 'l.listing_id < $10'
        end);
    v_other constant text := nullif(concat_ws(' and ',
        market.search_where(p_filters, p_pass, false),
        market.search_condition(p_pass, p_terms)), '');
    v_is_number constant boolean := p_pass in ('number', 'analogue', 'prefix');
    v_down constant text := case when p_pass = 'price' then '' else ' desc' end;
    v_order constant text := case
        when v_is_number then 'l.listing_id desc'
        when p_pass in ('new', 'rest') then 'l.published_at desc, l.listing_id desc'
        else 'l.price_minor' || v_down || ', l.listing_id' || v_down
    end;
    v_found constant text := 'select l.listing_id, $12' || case
        when p_pass in ('new', 'rest') then
            ' | ((extract(epoch from l.published_at) * 1000000)::bigint - 946684800000000)'
        when p_pass in ('price', '-price') then ' | l.price_minor'
        else ''
    end || ' as page_key from ';
    v_walk constant text :=
        'market.listing_public as l where ' || v_led || ' order by ' || v_order || ' limit ';
begin
    return format(
        'with page as materialized (%s) select array_agg(o.listing_id) as ids,'
        ' array_agg(o.page_key) as keys, %s as is_answer,'
        ' null::timestamptz as edge_at, null::bigint as edge_id'
        ' from (select p.listing_id, p.page_key from page as p'
        ' order by p.page_key%s, p.listing_id%s limit $11) as o',
        case
            when p_way = 'far' then
                v_found || 'market.listing_public as l where '
                || concat_ws(' and ', v_led, v_other)
                || case when v_is_number then ' limit 10001' else '' end
            when p_way = 'walk' then
                v_found || 'market.listing_public as l where ' || v_led || ' and ' || v_other
                || ' order by ' || v_order || ' limit $11'
            when v_other is null then v_found || v_walk || '$11'
            else v_found || '(select l.listing_id, l.kind, l.category_id, l.subcategory_id,'
                ' l.brand_id, l.place_id, l.condition, l.currency, l.price_minor,'
                ' l.stock_quantity, l.attributes, l.part_number_norm, l.search, l.published_at'
                ' from ' || v_walk || '3000) as l where ' || v_other
                || ' order by ' || v_order || ' limit $11'
        end,
        case
            when p_way = 'far' and v_is_number then '(select count(*) from page) <= 10000'
            when p_way = 'near' and v_other is not null then 'count(*) = $11'
            else 'true'
        end,
        v_down, v_down);
end
$$;

comment on function market.search_statement(text, text, text[], jsonb, boolean) is
    'Step: the statement of one pass of a search in an order of rows, one of its ways. Raises: '
    'nothing.';
