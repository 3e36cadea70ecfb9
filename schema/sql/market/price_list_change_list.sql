-- Guarantees: what the upload would do, in the order of the file: the first rows with something new
-- or with changes, each with what was and what will be. Asked before price_list_apply: afterwards
-- both are the same. Locks nothing.
create or replace function market.price_list_change_list(
    p_actor bigint,
    p_shop bigint,
    p_limit integer
)
returns table (
    row_number integer,
    code text,
    listing_id bigint,
    title text,
    outcome text,
    from_status text,
    to_status text,
    changes jsonb
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
    select
        r.row_number, r.code, r.listing_id, r.title, r.outcome, r.from_status, r.to_status,
        (
            select coalesce(jsonb_object_agg(d.name, d.change), '{}')
            from market.price_list_difference(p_shop, r.row_number) as d
            where d.name = any (r.changes)
        )
    from market_data.price_list_rows as r
    where r.shop_id = p_shop
        and r.outcome in ('new', 'changed')
    order by r.row_number
    limit least(greatest(coalesce(p_limit, 1000), 1), 1000);
end
$$;

comment on function market.price_list_change_list(bigint, bigint, integer) is
    'The first rows of an upload that are new or change something, at most 1000 (1000); changes is '
    '{field: {from, to}}. listing_id and from_status are null for something new. Raises: '
    'actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.price_list_change_list(bigint, bigint, integer) to kardan_api;
