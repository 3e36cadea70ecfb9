-- Guarantees: up to five live listings of these people and shops with this part number in any
-- spelling, without the listing itself. What is published has one index, what waits another.
-- Locks nothing.
create or replace function market.listing_same_number(
    p_listing bigint,
    p_users bigint[],
    p_shops bigint[],
    p_number text
)
returns table (
    id bigint,
    title text,
    status text
)
language sql
stable
parallel safe
begin atomic
    select n.id, n.title, n.status
    from (
        select l.id, l.title, l.status, l.owner_user_id, l.owner_shop_id
        from market_data.listings as l
        where l.part_number_norm = p_number
            and l.part_number_norm <> ''
            and l.status = 'published'
        union all
        select l.id, l.title, l.status, l.owner_user_id, l.owner_shop_id
        from market_data.listings as l
        where l.part_number_norm = p_number
            and l.part_number_norm <> ''
            and l.status in ('pending', 'reserved')
    ) as n
    where n.id <> p_listing
        and (n.owner_user_id = any (p_users) or n.owner_shop_id = any (p_shops))
    order by n.id desc
    limit 5;
end;

comment on function market.listing_same_number(bigint, bigint[], bigint[], text) is
    'Helper: live listings of a seller with a normalised part number. Raises: nothing.';
