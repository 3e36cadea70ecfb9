-- The one place where the statement of a search is made. Guarantees: a text of constant pieces,
-- chosen by the terms and filters that there are; every value is a parameter: $1 filters,
-- $2 numbers, $3 analogues, $4 prefix, $5 words, $6 corrected words, $7 published until then,
-- $8 $9 $10 after this price or rank, time and id, $11 how many, $12 the constant part of the page
-- key. It gives the ids and page keys in order, and the last of the ranked when there are more.
-- Locks nothing.
--
-- Passes: new, price, -price order all that matches. Relevance has a pass for each term; text and
-- typo rank the newest 1000 matches, so that a common word costs no more than a rare one; rest is
-- what text did not rank.

create or replace function market.search_statement(
    p_pass text,
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
    v_where constant text :=
        market.search_where(p_filters) || ' and ' || market.search_condition(p_pass, p_terms);
    v_key text := '0::bigint';
    v_order text := 'l.listing_id desc';
    v_after text := 'l.listing_id < $10';
begin
    if p_pass in ('text', 'typo') then
        return format(
            'with newest as materialized ('
            ' select l.listing_id, l.published_at, l.search from market.listing_public as l'
            ' where %s and l.published_at <= $7'
            ' order by l.published_at desc, l.listing_id desc limit 1000),'
            ' ranked as (select n.listing_id,'
            ' least(255, round(ts_rank(n.search, %s) * 255))::bigint as rank from newest as n),'
            ' page as (select r.listing_id, r.rank from ranked as r where %s'
            ' order by r.rank desc, r.listing_id desc limit $11),'
            ' edge as (select n.listing_id, n.published_at from newest as n'
            ' order by n.published_at desc, n.listing_id desc offset 999)'
            ' select array_agg(p.listing_id) as ids, array_agg($12 | (p.rank << 51)) as keys,'
            ' (select e.published_at from edge as e) as edge_at,'
            ' (select e.listing_id from edge as e) as edge_id from page as p',
            v_where, case when p_pass = 'text' then '$5' else '$6' end,
            case when p_is_after then '(r.rank, r.listing_id) < ($8, $10)' else 'true' end);
    end if;

    if p_pass in ('new', 'rest') then
        v_key := '(extract(epoch from l.published_at) * 1000000)::bigint - 946684800000000';
        v_order := 'l.published_at desc, l.listing_id desc';
        v_after := '(l.published_at, l.listing_id) < ($9, $10)';
    elsif p_pass = 'price' then
        v_key := 'l.price_minor';
        v_order := 'l.price_minor, l.listing_id';
        v_after := '(l.price_minor, l.listing_id) > ($8, $10)';
    elsif p_pass = '-price' then
        v_key := 'l.price_minor';
        v_order := 'l.price_minor desc, l.listing_id desc';
        v_after := '(l.price_minor, l.listing_id) < ($8, $10)';
    end if;
    return format(
        'select array_agg(p.listing_id) as ids, array_agg($12 | p.page_key) as keys,'
        ' null::timestamptz as edge_at, null::bigint as edge_id from (select l.listing_id, %s as page_key from market.listing_public as l'
        ' where %s and %s order by %s limit $11) as p',
        v_key, v_where, case when p_is_after then v_after else 'true' end, v_order);
end
$$;

comment on function market.search_statement(text, text[], jsonb, boolean) is
    'Step: the statement of one pass of a search. Raises: nothing.';
