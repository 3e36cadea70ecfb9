-- Guarantees: what the acting person says of the platform, or no row. Locks nothing.
create or replace function market.platform_review_get(p_actor bigint)
returns table (
    stars integer,
    text text,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select p.stars, p.text, p.created_at
    from market_data.platform_reviews as p
    where p.user_id = p_actor
        and p.replaced_at is null;
end
$$;

comment on function market.platform_review_get(bigint) is
    'The review that a person has given the platform. Raises: actor_unknown.';

grant execute on function market.platform_review_get(bigint) to kardan_api, kardan_bot;
