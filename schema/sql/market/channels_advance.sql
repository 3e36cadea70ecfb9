-- A job: brings posts in channels and their listings together: first listings of sellers who were
-- blocked or unblocked, up to fifty thousand a run, then up to two thousand posts, the longest due
-- first. What was sold, put away, expired or hidden is marked, and what is back is put back. Runs
-- again safely. Locks sellers of the waiting list and posts, leaving out what another session
-- holds.
create or replace function market.channels_advance()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_post bigint;
begin
    for v_round in 1 .. 50 loop
        exit when not market.channel_sellers_advance();
    end loop;

    for v_post in
        select p.id
        from market_data.channel_posts as p
        where p.due_at <= v_now
        order by p.due_at, p.id
        limit 2000
        for no key update skip locked
    loop
        perform market.channel_post_advance(v_post);
    end loop;
end
$$;

comment on function market.channels_advance() is
    'Has posts in channels say what became of their listings. Raises: nothing.';

grant execute on function market.channels_advance() to kardan_maintenance, kardan_worker;
