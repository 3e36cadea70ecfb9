-- Guarantees: the member has the role; a shop keeps an owner; a seller has no tokens. Locks the
-- shop, then the member, the invitations of a former owner and the tokens. Idempotent by state: the
-- role that is there changes nothing.
create or replace function market.shop_member_role_set(
    p_actor bigint,
    p_shop bigint,
    p_user bigint,
    p_role text
)
returns table (
    user_id bigint,
    display_name text,
    role text,
    joined_at timestamptz,
    invited_by bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_role text;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_lock(p_shop);
    perform market.shop_member_require(p_actor, p_shop, 'owner');

    select m.role into v_role
    from market_data.shop_members as m
    where m.shop_id = p_shop
        and m.user_id = p_user;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'shop_member_unknown',
            message = 'this person is not a member of the shop';
    end if;

    if v_role is distinct from p_role then
        update market_data.shop_members as m
        set role = p_role
        where m.shop_id = p_shop
            and m.user_id = p_user;
        if v_role = 'owner' then
            perform market.shop_owner_drop(p_shop, p_user);
        end if;
        if p_role = 'seller' then
            delete from market_data.shop_tokens as t
            where t.shop_id = p_shop
                and t.user_id = p_user;
        end if;
        perform ops.audit_write(
            p_actor, 'shop.member_role_set', 'shop', p_shop::text,
            jsonb_build_object('user_id', p_user, 'from', v_role, 'to', p_role));
    end if;

    return query
    select m.user_id, c.display_name, m.role, m.joined_at, m.invited_by
    from market_data.shop_members as m
    join people.cards as c on c.user_id = m.user_id
    where m.shop_id = p_shop
        and m.user_id = p_user;
end
$$;

comment on function market.shop_member_role_set(bigint, bigint, bigint, text) is
    'An owner gives a member another role; an owner who loses the role loses their open '
    'invitations too, and a seller has no tokens. invited_by is null for whoever opened the shop. '
    'Raises: actor_unknown, actor_blocked, shop_unknown, shop_role_required, shop_member_unknown, '
    'shop_member_role_known, shop_last_owner.';

grant execute on function market.shop_member_role_set(bigint, bigint, bigint, text)
    to kardan_api, kardan_bot;
