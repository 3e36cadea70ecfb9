-- Guarantees: the next published listings of a seller, a person or a shop below zero, by number.
-- Locks nothing.
create or replace function market.seller_listings(
    p_subject bigint,
    p_after bigint,
    p_limit integer
)
returns bigint[]
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_subject > 0 then
        return array(
            select l.id
            from market_data.listings as l
            where l.owner_user_id = p_subject
                and l.status = 'published'
                and l.id > p_after
            order by l.id
            limit p_limit);
    end if;
    return array(
        select l.id
        from market_data.listings as l
        where l.owner_shop_id = -p_subject
            and l.status = 'published'
            and l.id > p_after
        order by l.id
        limit p_limit);
end
$$;

comment on function market.seller_listings(bigint, bigint, integer) is
    'Step: numbers of published listings of a seller. Raises: nothing.';
