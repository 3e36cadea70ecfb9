-- Guarantees: the members of a shop, by their numbers, for its members only. Locks nothing.
create or replace function market.shop_member_list(
    p_actor bigint,
    p_shop bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    user_id bigint,
    display_name text,
    role text,
    joined_at timestamptz,
    invited_by bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform market.shop_member_require(p_actor, p_shop, 'seller');

    return query
    select m.user_id, c.display_name, m.role, m.joined_at, m.invited_by
    from market_data.shop_members as m
    join people.cards as c on c.user_id = m.user_id
    where m.shop_id = p_shop
        and m.user_id > coalesce(p_after, 0)
    order by m.user_id
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.shop_member_list(bigint, bigint, integer, bigint) is
    'Members see who belongs to their shop, 1 to 100 at a time (20), after the given person. '
    'invited_by is null for whoever opened the shop. '
    'Raises: actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.shop_member_list(bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
