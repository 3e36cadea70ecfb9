-- Guarantees: the price that a listing has now, and the one with which it was published last, which
-- its posts in channels show. Locks nothing.
create or replace function market.listing_price_get(p_actor bigint, p_listing bigint)
returns table (
    listing_id bigint,
    version integer,
    currency text,
    price_minor bigint,
    wholesale_price_minor bigint,
    wholesale_min_quantity integer,
    published_price_minor bigint,
    published_wholesale_price_minor bigint,
    published_wholesale_min_quantity integer,
    differs_since timestamptz
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
        l.id, l.version, l.currency, l.price_minor, l.wholesale_price_minor,
        l.wholesale_min_quantity, p.price_minor, p.wholesale_price_minor,
        p.wholesale_min_quantity, p.since_at
    from market_data.listings as l
    left join market.listing_published_prices as p on p.listing_id = l.id
    where l.id = p_listing;
end
$$;

comment on function market.listing_price_get(bigint, bigint) is
    'The prices of a listing as they are and as its posts in channels show them, for its owner, '
    'members of its shop and moderators. Null: the wholesale price with its quantity without one, '
    'the published ones before the first publication, differs_since while both are the same. '
    'Raises: actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_price_get(bigint, bigint) to kardan_api, kardan_bot;
