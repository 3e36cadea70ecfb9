-- A step: the guard of everything that an upload does. Holds the membership, so that a member who
-- is being removed either is done first or is out; and the shop's uploads, which would meet in the
-- same goods: the second is refused, not left waiting with its file. A file of fitment of the shop
-- takes the same lock. Both locks end with the transaction.
create or replace function market.price_list_lock(p_actor bigint, p_shop bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');
    perform market.listing_shop_require(p_actor, coalesce(p_shop, -1));
    if not pg_try_advisory_xact_lock(
        hashtextextended('market.fitment_import:' || p_shop::text, 0))
    then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'price_list_running',
            message = 'another upload of the shop is running';
    end if;
end
$$;

comment on function market.price_list_lock(bigint, bigint) is
    'Step: a member uploads for the shop, and nobody else does. Raises: actor_unknown, '
    'actor_blocked, shop_unknown, shop_role_required, price_list_running.';
