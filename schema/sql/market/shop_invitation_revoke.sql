-- Guarantees: the invitation opens nothing any more. Locks the shop, then the invitation.
-- Idempotent by state: a second call gives the time of the first.
create or replace function market.shop_invitation_revoke(
    p_actor bigint,
    p_invitation uuid
)
returns table (
    invitation_id uuid,
    revoked_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_shop bigint;
    v_role text;
begin
    perform people.actor_require(p_actor, 'user');
    select i.shop_id, i.role into v_shop, v_role
    from market_data.shop_invitations as i
    join market_data.shop_members as m
        on m.shop_id = i.shop_id
        and m.user_id = p_actor
    where i.id = p_invitation;
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'invitation_unknown',
            message = 'there is no such invitation';
    end if;
    perform market.shop_lock(v_shop);
    perform market.shop_member_require(p_actor, v_shop, 'owner');

    update market_data.shop_invitations as i
    set revoked_at = v_now
    where i.id = p_invitation
        and i.used_at is null
        and i.revoked_at is null;
    if found then
        perform ops.audit_write(
            p_actor, 'shop.invitation_revoke', 'shop', v_shop::text,
            jsonb_build_object('invitation_id', p_invitation, 'role', v_role));
    end if;

    return query
    select i.id, i.revoked_at
    from market_data.shop_invitations as i
    where i.id = p_invitation
        and i.revoked_at is not null;
    if not found then
        raise exception using
            errcode = 'ZCONF', constraint = 'invitation_used',
            message = 'the invitation was used already',
            hint = 'Remove the member instead.';
    end if;
end
$$;

comment on function market.shop_invitation_revoke(bigint, uuid) is
    'An owner takes a link back that nobody used yet. Raises: actor_unknown, actor_blocked, '
    'invitation_unknown, shop_role_required, invitation_used.';

grant execute on function market.shop_invitation_revoke(bigint, uuid) to kardan_api, kardan_bot;
