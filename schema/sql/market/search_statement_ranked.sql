-- The statements of the passes text and typo: the parameters are those of search_statement.sql.
-- Guarantees: the newest 300 matches, ranked, so that a common word costs no more than a rare one;
-- the oldest of them is the edge when there may be more. Locks nothing.
--
-- Two ways again: few takes up to 10000 matches by the index of words; when there are more, that
-- is no answer, and walk soon meets the newest by going back in time.

create or replace function market.search_statement_ranked(
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
    v_matching constant text :=
        'select l.listing_id, l.published_at from market.listing_public as l where '
        || concat_ws(' and ',
            'l.status = ''published'' and l.published_at <= $7',
            market.search_where(p_filters, p_pass, false),
            market.search_condition(p_pass, p_terms));
begin
    return case p_way
        when 'few' then format(
            'with matching as materialized (%s limit 10001),'
            ' newest as materialized (select m.listing_id, m.published_at from matching as m'
            ' where (select count(*) from matching) <= 10000'
            ' order by m.published_at desc, m.listing_id desc limit 300),',
            v_matching)
        else format(
            'with matching as (select where false), newest as materialized ('
            '%s order by l.published_at desc, l.listing_id desc limit 300),',
            v_matching)
    end || format(
        ' ranked as (select n.listing_id,'
        ' least(255, round(ts_rank(l.search, %s) * 255))::bigint as rank'
        ' from newest as n join market_data.listings as l on l.id = n.listing_id),'
        ' page as (select r.listing_id, r.rank from ranked as r%s'
        ' order by r.rank desc, r.listing_id desc limit $11),'
        ' edge as (select n.listing_id, n.published_at from newest as n'
        ' order by n.published_at desc, n.listing_id desc offset 299)'
        ' select array_agg(p.listing_id) as ids, array_agg($12 | (p.rank << 51)) as keys,'
        ' (select count(*) from matching) <= 10000 as is_answer,'
        ' (select e.published_at from edge as e) as edge_at,'
        ' (select e.listing_id from edge as e) as edge_id from page as p',
        case when p_pass = 'text' then '$5' else '$6' end,
        case when p_is_after then ' where (r.rank, r.listing_id) < ($8, $10)' else '' end);
end
$$;

comment on function market.search_statement_ranked(text, text, text[], jsonb, boolean) is
    'Step: the statement of a pass of a search that ranks what words match, one of two ways. '
    'Raises: nothing.';
