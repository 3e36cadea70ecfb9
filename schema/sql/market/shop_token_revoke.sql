-- Ends a token of the shop at once, whoever made it. Locks the shop. Idempotent by state: a second
-- call tells when it was revoked.
create or replace function market.shop_token_revoke(
    p_actor bigint,
    p_shop bigint,
    p_token uuid
)
returns table (token_id uuid, revoked_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_revoked_at timestamptz;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_lock(p_shop);
    perform market.shop_member_require(p_actor, p_shop, 'manager');

    select t.revoked_at into v_revoked_at
    from market_data.shop_tokens as t
    where t.id = p_token
        and t.shop_id = p_shop
    for no key update;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'token_unknown',
            message = 'the shop has no such token';
    end if;

    if v_revoked_at is null then
        v_revoked_at := ops.clock_now();
        update market_data.shop_tokens as t set revoked_at = v_revoked_at where t.id = p_token;
        perform ops.audit_write(
            p_actor, 'shop.token_revoke', 'shop', p_shop::text,
            jsonb_build_object('token_id', p_token));
    end if;
    return query select p_token, v_revoked_at;
end
$$;

comment on function market.shop_token_revoke(bigint, bigint, uuid) is
    'An owner or a manager ends a token of the shop. Raises: actor_unknown, actor_blocked, '
    'shop_unknown, shop_role_required, token_unknown.';

grant execute on function market.shop_token_revoke(bigint, bigint, uuid) to kardan_api;
