-- Counts while that is cheap. Beyond it the statistics of the last `analyze` are good enough for a
-- graph, and cost nothing.
create or replace function market.listing_status_count()
returns table (
    status text,
    listing_count bigint,
    is_estimate boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rows constant double precision := (
        select c.reltuples from pg_class as c
        where c.oid = 'market_data.listings'::regclass);
begin
    if v_rows < 200000 then
        return query
        select l.status, count(*), false
        from market_data.listings as l
        group by l.status
        order by l.status;
    else
        return query
        select v.status, (v.share * v_rows)::bigint, true
        from pg_stats as s
        cross join lateral unnest(s.most_common_vals::text::text[], s.most_common_freqs)
            as v (status, share)
        where s.schemaname = 'market_data'
            and s.tablename = 'listings'
            and s.attname = 'status'
        order by v.status;
    end if;
end
$$;

comment on function market.listing_status_count() is
    'Listings by status; from 200 000 on an estimate from the last analyze, which leaves out '
    'statuses that hardly any listing has. Raises: nothing.';

grant execute on function market.listing_status_count() to kardan_monitor, kardan_admin;
