-- Guarantees: what the saved searches of the acting person have found and anybody may still see,
-- the latest first, whether or not it was told. Locks nothing.

create or replace function market.search_alert_list(
    p_actor bigint,
    p_saved_search bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    alert_id bigint,
    saved_search_id bigint,
    search_name text,
    listing_id bigint,
    title text,
    currency text,
    price_minor bigint,
    cover_key text,
    published_at timestamptz,
    found_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select a.id, a.saved_search_id, s.name, a.listing_id, l.title, l.currency, l.price_minor,
        l.cover_key, l.published_at, a.found_at
    from market_data.search_alerts as a
    join market_data.saved_searches as s on s.id = a.saved_search_id
    join market.listing_public as l
        on l.listing_id = a.listing_id
        and l.status = 'published'
    where a.user_id = p_actor
        and (p_saved_search is null or a.saved_search_id = p_saved_search)
        and (p_after is null or a.id < p_after)
    order by a.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.search_alert_list(bigint, bigint, integer, bigint) is
    'What saved searches have found, of one or of all, 1 to 100 at a time (20), before the given '
    'alert. cover_key is null without photos. Raises: actor_unknown.';

grant execute on function market.search_alert_list(bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
