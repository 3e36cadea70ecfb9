-- Guarantees: the listings whose words are a person's: their own, and those of the shops that are
-- theirs alone. Reads only.
create or replace function market.listings_of(p_user bigint)
returns bigint[]
language sql
stable
parallel safe
return array(
    select l.id
    from market_data.listings as l
    where l.owner_user_id = p_user
    union
    select l.id
    from market_data.listings as l
    where l.owner_shop_id = any (market.shops_alone(p_user))
    order by 1
);

comment on function market.listings_of(bigint) is
    'Helper: the listings of a person and of the shops that are theirs alone. Raises: nothing.';
