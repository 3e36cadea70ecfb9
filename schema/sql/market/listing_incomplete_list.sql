-- Guarantees: the acting person's live listings (waiting, published, reserved), their own and those
-- of shops where they are a member, that lack a required extra field, the newest first. What is
-- required is asked once a subcategory, so many listings cost little. Reads only.
create or replace function market.listing_incomplete_list(
    p_actor bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    listing_id bigint,
    kind text,
    status text,
    title text,
    owner_shop_id bigint,
    missing_keys text[]
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    with mine as materialized (
        select l.id, l.kind, l.status, l.title, l.owner_shop_id, l.subcategory_id, l.attributes
        from market_data.listings as l
        where l.owner_user_id = p_actor
            and l.status in ('pending', 'published', 'reserved')
        union all
        select l.id, l.kind, l.status, l.title, l.owner_shop_id, l.subcategory_id, l.attributes
        from market_data.shop_members as m
        join market_data.listings as l on l.owner_shop_id = m.shop_id
        where m.user_id = p_actor
            and l.status in ('pending', 'published', 'reserved')
    ),
    asked as materialized (
        select g.kind, g.subcategory_id,
            catalog.attributes_required(g.kind, g.subcategory_id) as keys
        from (select distinct o.kind, o.subcategory_id from mine as o) as g
    )
    select
        o.id, o.kind, o.status, o.title, o.owner_shop_id,
        array(select k.key from unnest(a.keys) as k (key) where not o.attributes ? k.key)
    from mine as o
    join asked as a
        on a.kind = o.kind
        and a.subcategory_id = o.subcategory_id
    where not o.attributes ?& a.keys
        and (p_after is null or o.id < p_after)
    order by o.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.listing_incomplete_list(bigint, integer, bigint) is
    'A person''s live listings that lack an extra field which is required by now, with the keys '
    'that are missing, 1 to 100 at a time (20), after the given one; owner_shop_id is null for '
    'their own. Raises: actor_unknown.';

grant execute on function market.listing_incomplete_list(bigint, integer, bigint)
    to kardan_api, kardan_bot;
