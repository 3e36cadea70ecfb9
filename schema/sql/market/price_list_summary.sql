-- Guarantees: what becomes of the upload as a whole. p_checks: moderators get no more from one
-- upload (none: 2000), because each costs hints and their time; the first of the file come first.
-- Beyond that something new is a draft, which the next upload submits, and a change of what is
-- published or waits is left for the next upload. Locks what price_list_begin locks. A repeat
-- answers the same, but for `later`, which counts what this call left.
create or replace function market.price_list_summary(
    p_actor bigint,
    p_shop bigint,
    p_checks integer
)
returns table (
    row_count integer,
    new_count integer,
    changed_count integer,
    unchanged_count integer,
    left_count integer,
    refused_count integer,
    checked_count integer,
    later_count integer,
    missing_count integer,
    field_counts jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_later integer;
begin
    perform market.price_list_lock(p_actor, p_shop);
    v_later := market.price_list_postpone(
        p_shop, least(greatest(coalesce(p_checks, 2000), 0), 10000));

    return query
    select
        count(*)::integer,
        count(*) filter (where r.outcome = 'new')::integer,
        count(*) filter (where r.outcome = 'changed')::integer,
        count(*) filter (where r.outcome in ('unchanged', 'later'))::integer,
        count(*) filter (where r.outcome = 'left')::integer,
        count(*) filter (where r.outcome = 'refused')::integer,
        count(*) filter (where r.needs_check and r.outcome in ('new', 'changed'))::integer,
        v_later,
        (select count(*)::integer from market.price_list_missing(p_shop) as m),
        (
            select coalesce(jsonb_object_agg(f.name, f.count), '{}')
            from (
                select w.name, count(*) as count
                from market_data.price_list_rows as o
                cross join lateral unnest(o.changes) as w (name)
                where o.shop_id = p_shop
                    and o.outcome = 'changed'
                group by w.name
            ) as f
        )
    from market_data.price_list_rows as r
    where r.shop_id = p_shop;
end
$$;

comment on function market.price_list_summary(bigint, bigint, integer) is
    'A member sees what an upload would change: goods by outcome, how many go to the moderators or '
    'wait for the next upload (later), goods for sale that it does not name (missing), and how '
    'often each field changes. Raises: actor_unknown, actor_blocked, shop_unknown, '
    'shop_role_required, price_list_running.';

grant execute on function market.price_list_summary(bigint, bigint, integer) to kardan_api;
