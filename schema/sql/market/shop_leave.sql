-- Guarantees: the acting person is not a member; a shop keeps an owner. Locks the shop, then the
-- member and the invitations of a former owner. Idempotent by state: whoever is not a member gets
-- the same answer.
create or replace function market.shop_leave(
    p_actor bigint,
    p_shop bigint
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
    -- Leaving gives away rights and takes none, so that a blocked person may do it too.
    perform people.actor_known(p_actor);
    perform market.shop_lock(p_shop);
    perform market.shop_member_drop(p_actor, p_shop, p_actor, 'shop.leave');

    return query select p_shop, p_actor;
end
$$;

comment on function market.shop_leave(bigint, bigint) is
    'A member leaves a shop; an owner only while another owner stays, and their open invitations '
    'end with it. Raises: actor_unknown, shop_unknown, shop_last_owner.';

grant execute on function market.shop_leave(bigint, bigint) to kardan_api, kardan_bot;
