-- Guarantees: the people of a listing: the one who owns it, or the present members of the shop that
-- does; empty for a listing that there is not. Locks nothing.
create or replace function market.listing_insiders(p_listing bigint)
returns bigint[]
language sql
stable
parallel safe
return array(
    select coalesce(l.owner_user_id, m.user_id)
    from market_data.listings as l
    left join market_data.shop_members as m on m.shop_id = l.owner_shop_id
    where l.id = p_listing
        and coalesce(l.owner_user_id, m.user_id) is not null
);

comment on function market.listing_insiders(bigint) is
    'Helper: the owner of a listing, or the members of its shop. Raises: nothing.';
