-- A step: takes the lock under which a shop, its members and its invitations change, so that two
-- owners never decide on what the other is changing. Locks the shop's row; new listings of the
-- shop do not wait for it. Called before market.shop_member_require.
create or replace function market.shop_lock(p_shop bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
    from market_data.shops as s
    where s.id = p_shop
    for no key update;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'shop_unknown',
            message = 'there is no such shop';
    end if;
end
$$;

comment on function market.shop_lock(bigint) is
    'Step: whoever changes a shop, its members or its invitations does it alone. '
    'Raises: shop_unknown.';
