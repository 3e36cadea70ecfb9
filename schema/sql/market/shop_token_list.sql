-- Guarantees: the tokens of a shop that are neither over nor revoked, the newest first, for its
-- owners and managers. Locks nothing.
create or replace function market.shop_token_list(
    p_actor bigint,
    p_shop bigint,
    p_limit integer,
    p_after uuid
)
returns table (
    token_id uuid,
    name text,
    scopes text[],
    created_by bigint,
    created_at timestamptz,
    expires_at timestamptz,
    last_used_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform people.actor_known(p_actor);
    perform market.shop_member_require(p_actor, p_shop, 'manager');

    return query
    select t.id, t.name, t.scopes, t.user_id, t.created_at, t.expires_at, t.last_used_at
    from market_data.shop_tokens as t
    where t.shop_id = p_shop
        and t.revoked_at is null
        and t.expires_at > v_now
        and (p_after is null or t.id < p_after)
    order by t.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.shop_token_list(bigint, bigint, integer, uuid) is
    'Owners and managers see the tokens of their shop, the newest first, 1 to 100 at a time (20), '
    'after the given one. last_used_at is null for one that was not used yet. Raises: '
    'actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.shop_token_list(bigint, bigint, integer, uuid) to kardan_api;
