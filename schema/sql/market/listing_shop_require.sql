-- A step: whoever makes a listing for a shop sells for it. Null: for oneself, nothing is asked.
-- Locks the membership first, so that what is then seen of it stays so.
create or replace function market.listing_shop_require(p_actor bigint, p_shop bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_shop is null then
        return;
    end if;
    perform
    from market_data.shop_members as m
    where m.shop_id = p_shop
        and m.user_id = p_actor
    for key share;
    perform market.shop_member_require(p_actor, p_shop, 'seller');
end
$$;

comment on function market.listing_shop_require(bigint, bigint) is
    'Step: holds the acting person''s membership of the shop. Raises: shop_unknown, '
    'shop_role_required.';
