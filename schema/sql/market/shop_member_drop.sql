-- A step: takes a person out of a shop. The listings stay the shop's. The caller has locked the
-- shop; locks the member and, of an owner, the open invitations. Idempotent by state: whoever is
-- not a member stays none.
create or replace function market.shop_member_drop(
    p_actor bigint,
    p_shop bigint,
    p_user bigint,
    p_action text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_role text;
begin
    delete from market_data.shop_members as m
    where m.shop_id = p_shop
        and m.user_id = p_user
    returning m.role into v_role;

    if v_role = 'owner' then
        perform market.shop_owner_drop(p_shop, p_user);
    end if;
    if v_role is not null then
        perform ops.audit_write(
            p_actor, p_action, 'shop', p_shop::text,
            jsonb_build_object('user_id', p_user, 'role', v_role));
    end if;
end
$$;

comment on function market.shop_member_drop(bigint, bigint, bigint, text) is
    'Step: a person stops being a member of a shop, and that is recorded as the given action. '
    'Raises: shop_last_owner.';
