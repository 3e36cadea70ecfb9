-- Guarantees: the person is not a member; a shop keeps an owner; its listings stay. Locks the shop,
-- then the member and the invitations of a former owner. Idempotent by state: removing whoever is
-- not a member changes nothing.
create or replace function market.shop_member_remove(
    p_actor bigint,
    p_shop bigint,
    p_user bigint
)
returns table (
    shop_id bigint,
    user_id bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_lock(p_shop);
    perform market.shop_member_require(p_actor, p_shop, 'owner');
    perform market.shop_member_drop(p_actor, p_shop, p_user, 'shop.member_remove');

    return query select p_shop, p_user;
end
$$;

comment on function market.shop_member_remove(bigint, bigint, bigint) is
    'An owner takes a member out of the shop: they can no longer touch its goods, which stay. An '
    'owner who is removed loses their open invitations too. Raises: actor_unknown, actor_blocked, '
    'shop_unknown, shop_role_required, shop_last_owner.';

grant execute on function market.shop_member_remove(bigint, bigint, bigint)
    to kardan_api, kardan_bot;
