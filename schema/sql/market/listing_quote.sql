-- Guarantees: what a quantity of a listing that anybody may see costs now, or no row. Holds
-- nothing. Locks nothing.
create or replace function market.listing_quote(p_listing bigint, p_quantity integer)
returns table (
    currency text,
    price_minor bigint,
    total_minor bigint,
    is_wholesale boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if (p_quantity between 1 and 1000000) is not true then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'listing_quantity_range',
            message = 'a quantity is from 1 to 1 000 000';
    end if;

    return query
    select
        p.currency,
        q.total_minor / p_quantity,
        q.total_minor,
        coalesce(p_quantity >= p.wholesale_min_quantity, false)
    from market.listing_public as p
    cross join lateral (
        select market.listing_total(
            p.price_minor, p.wholesale_price_minor, p.wholesale_min_quantity, p_quantity)
    ) as q (total_minor)
    where p.listing_id = p_listing;
end
$$;

comment on function market.listing_quote(bigint, integer) is
    'What a quantity costs: the price of each piece and the total, at the wholesale price from its '
    'threshold; no row for a listing that is not shown. Raises: listing_quantity_range.';

grant execute on function market.listing_quote(bigint, integer) to kardan_api, kardan_bot;
