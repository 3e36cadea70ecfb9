-- Guarantees: whether two sellers are the same people: the same person or shop, or a shop and one
-- of its members. Reads only.
create or replace function market.sellers_related(
    p_user bigint,
    p_shop bigint,
    p_other_user bigint,
    p_other_shop bigint
)
returns boolean
language sql
stable
parallel safe
return coalesce(p_user = p_other_user, false)
    or coalesce(p_shop = p_other_shop, false)
    or exists (
        select
        from market_data.shop_members as m
        where (m.shop_id = p_shop and m.user_id = p_other_user)
            or (m.shop_id = p_other_shop and m.user_id = p_user)
    );

comment on function market.sellers_related(bigint, bigint, bigint, bigint) is
    'Helper: whether a person or shop, and another one, are the same people. Raises: nothing.';
