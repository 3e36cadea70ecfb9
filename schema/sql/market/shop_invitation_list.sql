-- Guarantees: the invitations of a shop, the newest first, for its owners. Locks nothing.
create or replace function market.shop_invitation_list(
    p_actor bigint,
    p_shop bigint,
    p_limit integer,
    p_after uuid
)
returns table (
    invitation_id uuid,
    role text,
    state text,
    created_by bigint,
    created_at timestamptz,
    expires_at timestamptz,
    used_by bigint,
    used_at timestamptz,
    revoked_at timestamptz
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
    perform market.shop_member_require(p_actor, p_shop, 'owner');

    return query
    select
        i.id, i.role,
        case
            when i.used_at is not null then 'used'
            when i.revoked_at is not null then 'revoked'
            when i.expires_at <= v_now then 'expired'
            else 'open'
        end,
        i.created_by, i.created_at, i.expires_at, i.used_by, i.used_at, i.revoked_at
    from market_data.shop_invitations as i
    where i.shop_id = p_shop
        and (p_after is null or i.id < p_after)
    order by i.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.shop_invitation_list(bigint, bigint, integer, uuid) is
    'Owners see the invitations into their shop, the newest first, 1 to 100 at a time (20), after '
    'the given one. state is open, used, revoked or expired; used_by and used_at are null unless '
    'used, revoked_at unless revoked. Raises: actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.shop_invitation_list(bigint, bigint, integer, uuid)
    to kardan_api, kardan_bot;
