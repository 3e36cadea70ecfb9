-- A step: whose figures the acting person may see: their own, or with a shop those of the shop
-- where they sell. Reads only.
create or replace function market.seller_key_require(p_actor bigint, p_shop bigint)
returns bigint
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    if p_shop is null then
        return p_actor;
    end if;
    perform market.shop_member_require(p_actor, p_shop, 'seller');
    return -p_shop;
end
$$;

comment on function market.seller_key_require(bigint, bigint) is
    'Step: the key of a seller whose figures the person may see. Raises: actor_unknown, '
    'shop_unknown, shop_role_required.';
