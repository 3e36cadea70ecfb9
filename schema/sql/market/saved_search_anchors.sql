-- Guarantees: lexemes of which every listing that the search finds has at least one, as rare ones
-- as are known; "=" when nothing of the kind is certain. Of a conjunction one lexeme is enough, of
-- alternatives each must give one. Locks nothing.

create or replace function market.saved_search_anchors(
    p_numbers tsquery,
    p_words tsquery,
    p_filters tsquery
)
returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_anchors text[];
begin
    with alternative as (
        select n.lexeme[1] as lexeme, n.at as branch, 1 as way
        from regexp_matches(p_numbers::text, '''((?:[^'']|'''')+)''', 'g')
            with ordinality as n (lexeme, at)
        union all
        -- what is left of the words without what must not be there
        select w.lexeme[1], 0, 1
        from regexp_matches(querytree(p_words), '''((?:[^'']|'''')+)''', 'g') as w (lexeme)
        where p_words::text !~ '[|]'
        union all
        select f.lexeme[1], 0, 2
        from regexp_matches(p_filters::text, '''((?:[^'']|'''')+)''', 'g') as f (lexeme)
        where f.lexeme[1] !~ '^=[$]'
    ),
    counted as (
        select a.way, a.branch, replace(a.lexeme, '''''', '''') as lexeme,
            coalesce(k.listings, 0) as listings
        from alternative as a
        left join market_data.search_lexemes as k on k.lexeme = replace(a.lexeme, '''''', '''')
    ),
    rarest as (
        select distinct on (c.way, c.branch) c.way, c.branch, c.lexeme, c.listings
        from counted as c
        order by c.way, c.branch, c.listings, c.lexeme
    )
    select w.lexemes into v_anchors
    from (
        select array_agg(r.lexeme) as lexemes, sum(r.listings) as listings
        from rarest as r
        group by r.way
        -- the words have a branch of their own, and it must have given a lexeme
        having r.way = 2 or p_words is null or bool_or(r.branch = 0)
    ) as w
    order by w.listings
    limit 1;
    return coalesce(v_anchors, array['=']);
end
$$;

comment on function market.saved_search_anchors(tsquery, tsquery, tsquery) is
    'Step: lexemes of which whatever a saved search finds has one. Raises: nothing.';
