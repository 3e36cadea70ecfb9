-- Guarantees: a link into the shop that works once. Locks the shop. A repeat makes no second
-- invitation: the same token is refused with shop_invitation_token_unique.
create or replace function market.shop_invitation_create(
    p_actor bigint,
    p_shop bigint,
    p_role text,
    p_token_hash bytea,
    p_ttl_seconds integer
)
returns table (
    invitation_id uuid,
    shop_id bigint,
    role text,
    expires_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_open bigint;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_lock(p_shop);
    perform market.shop_member_require(p_actor, p_shop, 'owner');

    select count(*) into v_open
    from market_data.shop_invitations as i
    where i.shop_id = p_shop
        and i.used_at is null
        and i.revoked_at is null
        and i.expires_at > v_now;
    if v_open >= 50 then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'shop_invitation_limit',
            message = 'the shop has 50 open invitations',
            detail = '50';
    end if;

    return query
    insert into market_data.shop_invitations as i (
        id, shop_id, role, token_hash, created_by, created_at, expires_at)
    values (
        ops_data.uuid_v7(v_now), p_shop, p_role, p_token_hash, p_actor, v_now,
        v_now + make_interval(secs => p_ttl_seconds))
    returning i.id, i.shop_id, i.role, i.expires_at;

    perform ops.audit_write(
        p_actor, 'shop.invitation_create', 'shop', p_shop::text,
        jsonb_build_object('role', p_role));
end
$$;

comment on function market.shop_invitation_create(bigint, bigint, text, bytea, integer) is
    'An owner makes a link that brings one person into the shop with a role; it works for a minute '
    'to 30 days, and 50 may be open at once. Only SHA-256 of its token is given. '
    'Raises: actor_unknown, actor_blocked, shop_unknown, shop_role_required, '
    'shop_invitation_limit, shop_invitation_role_known, shop_invitation_lifetime_range, '
    'shop_invitation_token_size, shop_invitation_token_unique.';

grant execute on function market.shop_invitation_create(bigint, bigint, text, bytea, integer)
    to kardan_api, kardan_bot;
