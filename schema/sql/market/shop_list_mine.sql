-- Guarantees: the shops that the acting person belongs to, by their numbers. Locks nothing.
create or replace function market.shop_list_mine(
    p_actor bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    shop_id bigint,
    name text,
    description text,
    place_id bigint,
    created_at timestamptz,
    updated_at timestamptz,
    version integer,
    my_role text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select s.id, s.name, s.description, s.place_id, s.created_at, s.updated_at, s.version, m.role
    from market_data.shop_members as m
    join market_data.shops as s on s.id = m.shop_id
    where m.user_id = p_actor
        and m.shop_id > coalesce(p_after, 0)
    order by m.shop_id
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.shop_list_mine(bigint, integer, bigint) is
    'Shops that a person belongs to and the role in each, 1 to 100 at a time (20), after the given '
    'shop. place_id is null when a shop names no town. Raises: actor_unknown.';

grant execute on function market.shop_list_mine(bigint, integer, bigint) to kardan_api, kardan_bot;
