-- Guarantees: everybody who sells there: the person, or the present members of the shop. Locks
-- nothing.
create or replace function market.seller_people(p_user bigint, p_shop bigint)
returns bigint[]
language sql
stable
parallel safe
return case
    when p_user is not null then array[p_user]
    else array(
        select m.user_id from market_data.shop_members as m where m.shop_id = p_shop)
end;

comment on function market.seller_people(bigint, bigint) is
    'Helper: the people of a seller, a person or a shop. Raises: nothing.';
