-- Guarantees: a token with which a program reaches the goods of the shop as the acting person; at
-- most 20 of a shop that are neither over nor revoked. Locks the shop, then the token that the
-- person acts with. It lasts no longer than the membership, and is deleted with it. What ended a
-- month ago makes room. Not idempotent by itself: the same hash a second time is refused.
create or replace function market.shop_token_create(
    p_actor bigint,
    p_bearer uuid,
    p_shop bigint,
    p_name text,
    p_scopes text[],
    p_token_hash bytea,
    p_ttl_seconds integer
)
returns table (
    token_id uuid,
    shop_id bigint,
    name text,
    scopes text[],
    created_at timestamptz,
    expires_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_ceiling constant integer := 20;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_lock(p_shop);
    perform market.shop_member_require(p_actor, p_shop, 'manager');
    perform people.token_reach_require(p_actor, p_bearer, array['read', 'write']);

    delete from market_data.shop_tokens as t
    where t.shop_id = p_shop
        and least(t.expires_at, t.revoked_at) <= v_now - interval '30 days';
    if (
        select count(*)
        from market_data.shop_tokens as t
        where t.shop_id = p_shop
            and t.revoked_at is null
            and t.expires_at > v_now
    ) >= v_ceiling then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'shop_token_limit',
            message = format('the shop has %s tokens already', v_ceiling);
    end if;

    perform ops.audit_write(
        p_actor, 'shop.token_create', 'shop', p_shop::text,
        jsonb_build_object('scopes', p_scopes));
    return query
    insert into market_data.shop_tokens as t (
        id, shop_id, user_id, name, token_hash, scopes, created_at, expires_at)
    values (
        ops_data.uuid_v7(v_now), p_shop, p_actor, coalesce(people.name_clean(p_name), ''),
        p_token_hash, array(select distinct w.scope from unnest(p_scopes) as w (scope) order by 1),
        v_now, v_now + make_interval(secs => coalesce(p_ttl_seconds, 0)))
    returning t.id, t.shop_id, t.name, t.scopes, t.created_at, t.expires_at;
end
$$;

comment on function market.shop_token_create(
    bigint, uuid, bigint, text, text[], bytea, integer) is
    'An owner or a manager makes a token for a program of the shop, with goods:read, goods:write '
    'or stock:write; p_bearer is the token that they act with (null: without one), which must be '
    'good for reading and writing. Raises: actor_unknown, actor_blocked, shop_unknown, '
    'shop_role_required, token_scopes_exceeded, shop_token_limit, shop_token_hash_unique, '
    'token_hash_size, token_name_length, shop_token_scopes_known, token_lifetime_limits.';

grant execute on function market.shop_token_create(
    bigint, uuid, bigint, text, text[], bytea, integer) to kardan_api;
