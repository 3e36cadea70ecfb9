-- Guarantees: of the p_rows entries before a place in the order of time, those that match and suit,
-- newest first; how many were looked at, and the time of the first and the last of them. Conditions
-- are those of search_rows. Locks nothing.

create or replace function market.search_walk(
    p_terms tsquery,
    p_rank tsquery,
    p_price_min bigint,
    p_price_max bigint,
    p_generation bigint,
    p_year integer,
    p_before_at timestamptz,
    p_before_id bigint,
    p_rows integer
)
returns table (
    ids bigint[],
    ats timestamptz[],
    ranks bigint[],
    prices bigint[],
    seen bigint,
    newest timestamptz,
    oldest timestamptz
)
language sql
stable
parallel safe
begin atomic
    select
        array_agg(w.listing_id) filter (where w.is_found),
        array_agg(w.published_at) filter (where w.is_found),
        array_agg(least(255, round(ts_rank(w.terms, p_rank) * 255))::bigint)
            filter (where w.is_found),
        array_agg(w.price_minor) filter (where w.is_found),
        count(*), max(w.published_at), min(w.published_at)
    from (
        select
            e.listing_id, e.published_at, e.price_minor, e.terms,
            e.visible_until > ops.clock_now()
            and (p_terms is null or e.terms @@ p_terms)
            and (p_price_min is null or e.price_minor >= p_price_min)
            and (p_price_max is null or e.price_minor <= p_price_max)
            and coalesce(e.owner_user_id, 0) not in (select b.user_id from people.blocked as b)
            and (p_year is null or exists (
                select
                from market_data.listing_fitments as f
                where f.listing_id = e.listing_id
                    and f.generation_id = p_generation
                    and p_year between coalesce(f.year_from, 0) and coalesce(f.year_to, 9999)))
            as is_found
        from market_data.search_entries as e
        where (e.published_at, e.listing_id) < (p_before_at, p_before_id)
        order by e.published_at desc, e.listing_id desc
        limit p_rows
    ) as w;
end;

comment on function market.search_walk(
    tsquery, tsquery, bigint, bigint, bigint, integer, timestamptz, bigint, integer) is
    'Helper: what matches among the entries next in time. Raises: nothing.';
