-- The addresses of a shop, for its managers. Reads only.
create or replace function notify.webhook_list(
    p_actor bigint,
    p_shop bigint
)
returns table (
    webhook_id bigint,
    shop_id bigint,
    url text,
    types text[],
    former_until timestamptz,
    failing_since timestamptz,
    disabled_at timestamptz,
    disabled_why text,
    created_by bigint,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform market.shop_member_require(p_actor, p_shop, 'manager');

    return query
    select
        r.webhook_id, r.shop_id, r.url, r.types, r.former_until, r.failing_since,
        r.disabled_at, r.disabled_why, r.created_by, r.created_at
    from notify.webhook_rows as r
    where r.shop_id = p_shop
    order by r.webhook_id
    limit 100;
end
$$;

comment on function notify.webhook_list(bigint, bigint) is
    'For managers: the addresses of a shop, 10 at most. Raises: actor_unknown, shop_unknown, '
    'shop_role_required.';

grant execute on function notify.webhook_list(bigint, bigint)
    to kardan_api, kardan_bot;
