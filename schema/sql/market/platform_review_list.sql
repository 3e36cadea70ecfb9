-- Guarantees: what people say of the platform, each once, the newest first, in pages, for
-- administrators. Locks nothing.
create or replace function market.platform_review_list(
    p_actor bigint,
    p_stars integer,
    p_limit integer,
    p_after bigint
)
returns table (
    review_id bigint,
    user_id bigint,
    user_name text,
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
    perform people.actor_require(p_actor, 'admin');

    return query
    select p.id, p.user_id, c.display_name, p.stars, p.text, p.created_at
    from market_data.platform_reviews as p
    join people.cards as c on c.user_id = p.user_id
    where p.replaced_at is null
        and p.id < coalesce(p_after, 9223372036854775807)
        and (p_stars is null or p.stars = p_stars)
    order by p.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.platform_review_list(bigint, integer, integer, bigint) is
    'The current reviews of the platform for administrators, all or those with so many stars, the '
    'newest first, 1 to 100 at a time (20), after the given one. Raises: actor_unknown, '
    'actor_blocked, role_required.';

grant execute on function market.platform_review_list(bigint, integer, integer, bigint)
    to kardan_api, kardan_bot;
