-- Guarantees: every price that the listing had, the latest first. Locks nothing.
create or replace function market.listing_price_list(
    p_actor bigint,
    p_listing bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    price_id bigint,
    at timestamptz,
    currency text,
    price_minor bigint,
    wholesale_price_minor bigint,
    wholesale_min_quantity integer,
    changed_by bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.listing_reader_require(p_actor, p_listing);

    return query
    select
        h.id, h.at, h.currency, h.price_minor, h.wholesale_price_minor, h.wholesale_min_quantity,
        h.changed_by
    from market_data.listing_prices as h
    where h.listing_id = p_listing
        and (p_after is null or h.id < p_after)
    order by h.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.listing_price_list(bigint, bigint, integer, bigint) is
    'The prices of a listing, the latest first, 1 to 100 at a time (20), after the given one; for '
    'its owner, members of its shop and moderators. Null: the wholesale price with its quantity '
    'where there was none. Raises: actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_price_list(bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
