-- A step: the guard of everything that is done for a shop. Rights grow: a manager has a seller's,
-- an owner has a manager's. Locks nothing, so that reads may call it: whoever changes members or
-- the shop itself calls market.shop_lock first, and what this then sees stays so.
create or replace function market.shop_member_require(
    p_actor bigint,
    p_shop bigint,
    p_role text
)
returns text
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_role text;
begin
    select m.role into v_role
    from market_data.shops as s
    left join market_data.shop_members as m
        on m.shop_id = s.id
        and m.user_id = p_actor
    where s.id = p_shop;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'shop_unknown',
            message = 'there is no such shop';
    end if;
    -- `is not true`: somebody without a role does not pass, and an unknown role lets nobody pass.
    if (array_position(array['seller', 'manager', 'owner'], v_role)
        >= array_position(array['seller', 'manager', 'owner'], p_role)) is not true
    then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'shop_role_required',
            message = format('this needs the role %s in the shop', p_role),
            detail = p_role;
    end if;
    return v_role;
end
$$;

comment on function market.shop_member_require(bigint, bigint, text) is
    'Lets a person pass who has at least this role (seller, manager, owner) in the shop, and tells '
    'the role that they have. Raises: shop_unknown, shop_role_required.';
