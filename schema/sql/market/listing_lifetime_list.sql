-- Guarantees: the lifetimes that differ from the setting, by category; few, so without pages.
-- Reads only.
create or replace function market.listing_lifetime_list(p_actor bigint)
returns table (
    category_id bigint,
    days integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select t.category_id, t.days
    from market_data.listing_lifetimes as t
    order by t.category_id
    limit 1000;
end
$$;

comment on function market.listing_lifetime_list(bigint) is
    'Categories and subcategories whose listings expire after other days than the setting '
    'listing.lifetime_days says. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.listing_lifetime_list(bigint) to kardan_api, kardan_bot;
