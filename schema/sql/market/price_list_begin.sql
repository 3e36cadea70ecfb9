-- Guarantees: nothing is left of another upload of the shop. The first call of an upload, whose
-- calls (stage, summary, apply, finish) are one transaction; undone, it was a rehearsal. Locks the
-- membership and the shop's uploads until its end. A repeat begins anew.
create or replace function market.price_list_begin(p_actor bigint, p_shop bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.price_list_lock(p_actor, p_shop);
    delete from market_data.price_list_rows as r where r.shop_id = p_shop;
end
$$;

comment on function market.price_list_begin(bigint, bigint) is
    'A member begins to upload a price list of the shop. Raises: actor_unknown, actor_blocked, '
    'shop_unknown, shop_role_required, price_list_running.';

grant execute on function market.price_list_begin(bigint, bigint) to kardan_api;
