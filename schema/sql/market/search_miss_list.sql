-- Guarantees: what was searched for most often and not found, between two times (null: the last
-- seven days until now), for moderators; the last 100000 of that time count. Locks nothing.

create or replace function market.search_miss_list(
    p_actor bigint,
    p_from timestamptz,
    p_to timestamptz,
    p_limit integer
)
returns table (
    query text,
    count bigint,
    first_at timestamptz,
    last_at timestamptz,
    filters jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_to constant timestamptz := coalesce(p_to, ops.clock_now() + interval '1 second');
    v_from constant timestamptz := coalesce(p_from, v_to - interval '7 days');
begin
    perform people.actor_require(p_actor, 'moderator');

    return query
    select r.query, count(*), min(r.at), max(r.at),
        (array_agg(r.filters order by r.at desc))[1]
    from (
        select m.query, m.at, m.filters
        from market_data.search_misses as m
        where m.at >= v_from
            and m.at < v_to
        order by m.at desc
        limit 100000
    ) as r
    group by r.query
    order by count(*) desc, max(r.at) desc, r.query
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.search_miss_list(bigint, timestamptz, timestamptz, integer) is
    'The commonest searches without an answer in a time, 1 to 100 (20); filters are those of the '
    'latest. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.search_miss_list(bigint, timestamptz, timestamptz, integer)
    to kardan_api, kardan_bot;
