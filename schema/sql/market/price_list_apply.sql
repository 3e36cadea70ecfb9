-- Guarantees: the next rows of the upload after p_after that are new or change something (at most
-- p_limit, 1 to 1000, and 100 that somebody has to look at) are what the shop's listings say.
-- Prices change at once and nobody is told of it; what a moderator has to see goes into the queue.
-- Locks what price_list_begin locks, then these listings in ascending order, then their waiting
-- checks: an upload comes back to line 4 of the lock order piece by piece. A listing that somebody
-- changed since the row was compared is refused. A repeat takes the rows that are left.
create or replace function market.price_list_apply(
    p_actor bigint,
    p_shop bigint,
    p_after integer,
    p_limit integer
)
returns table (last_row integer, applied integer, stale integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The hints of one check take milliseconds.
    v_checks constant integer := 100;
    v_rows integer[];
    v_stale integer;
begin
    perform market.price_list_lock(p_actor, p_shop);
    v_rows := array(
        select w.row_number
        from (
            select
                r.row_number,
                count(*) filter (where r.needs_check) over (order by r.row_number) as checks
            from market_data.price_list_rows as r
            where r.shop_id = p_shop
                and r.row_number > coalesce(p_after, 0)
                and r.outcome in ('new', 'changed')
            order by r.row_number
            limit least(greatest(coalesce(p_limit, 500), 1), 1000)
        ) as w
        where w.checks <= v_checks);

    v_stale := market.price_list_hold(p_shop, v_rows);
    perform market.price_list_wake(p_actor, p_shop, v_rows);
    perform market.price_list_create(p_actor, p_shop, v_rows);
    perform market.price_list_write(p_actor, p_shop, v_rows);
    perform market.price_list_queue(p_actor, p_shop, v_rows);
    update market_data.price_list_rows as r
    set outcome = 'done'
    where r.shop_id = p_shop
        and r.row_number = any (v_rows)
        and r.outcome in ('new', 'changed');

    return query
    select
        (select max(w.row) from unnest(v_rows) as w (row)),
        cardinality(v_rows) - v_stale,
        v_stale;
end
$$;

comment on function market.price_list_apply(bigint, bigint, integer, integer) is
    'A member has rows of the upload taken over; stale counts those whose listing was changed '
    'meanwhile. last_row is null when nothing is left. Raises: actor_unknown, actor_blocked, '
    'shop_unknown, shop_role_required, price_list_running, listing_code_taken.';

grant execute on function market.price_list_apply(bigint, bigint, integer, integer) to kardan_api;
