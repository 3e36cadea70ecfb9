-- Guarantees: with p_withdraw the next of the goods that the file does not name (at most p_limit, 1
-- to 1000) are withdrawn: from the queue to the drafts, from sale to the archive; whatever pieces
-- are held of stays. When none is left, the rows of the upload are deleted, and it is over. Locks
-- what price_list_begin locks, then these listings in ascending order, then their waiting checks.
create or replace function market.price_list_finish(
    p_actor bigint,
    p_shop bigint,
    p_withdraw boolean,
    p_limit integer
)
returns table (withdrawn integer, is_over boolean)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 1000);
    v_listings bigint[] := array[]::bigint[];
begin
    perform market.price_list_lock(p_actor, p_shop);
    if p_withdraw then
        v_listings := array(
            select l.id
            from market_data.listings as l
            where l.id in (
                    select m.listing_id
                    from market.price_list_missing(p_shop) as m
                    where not m.is_held)
                and l.status in ('pending', 'published')
            order by l.id
            limit v_limit
            for no key update);
        update market_data.listings as l
        set status = case when l.status = 'pending' then 'draft' else 'archived' end,
            changed_by = p_actor, updated_at = v_now, expires_at = 'infinity'
        where l.id = any (v_listings);
        update market_data.moderation_items as i
        set closed_at = v_now, decision = 'withdrawn'
        where i.listing_id = any (v_listings)
            and i.closed_at is null;
    end if;

    is_over := cardinality(v_listings) < v_limit;
    withdrawn := cardinality(v_listings);
    if is_over then
        delete from market_data.price_list_rows as r where r.shop_id = p_shop;
    end if;
    return next;
end
$$;

comment on function market.price_list_finish(bigint, bigint, boolean, integer) is
    'A member ends an upload; p_withdraw takes goods back that it does not name, p_limit at a '
    'time, until is_over. Raises: actor_unknown, actor_blocked, shop_unknown, shop_role_required, '
    'price_list_running.';

grant execute on function market.price_list_finish(bigint, bigint, boolean, integer) to kardan_api;
