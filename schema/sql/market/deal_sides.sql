-- Guarantees: on which sides of a deal a person stands: buyer, seller (also as a present member of
-- the shop), both after a buyer has joined the shop, or none. Locks nothing.
create or replace function market.deal_sides(p_actor bigint, p_deal uuid)
returns text[]
language sql
stable
parallel safe
return coalesce((
    select array_remove(array[
        case when d.buyer_id = p_actor then 'buyer' end,
        case
            when d.seller_user_id = p_actor
                or exists (
                    select
                    from market_data.shop_members as m
                    where m.shop_id = d.seller_shop_id
                        and m.user_id = p_actor)
            then 'seller'
        end], null)
    from market_data.deals as d
    where d.id = p_deal
), '{}');

comment on function market.deal_sides(bigint, uuid) is
    'Helper: the sides of a deal on which a person stands: buyer, seller. Raises: nothing.';
