-- A step: finds the invitation and takes the lock of its shop, then looks at it: of two people who
-- come at once, the second sees that it is used. Locks the shop.
create or replace function market.shop_invitation_require(p_actor bigint, p_token_hash bytea)
returns table (
    invitation_id uuid,
    shop_id bigint,
    role text,
    created_by bigint,
    is_joined boolean
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_one record;
begin
    perform market.shop_lock(i.shop_id)
    from market_data.shop_invitations as i
    where i.token_hash = p_token_hash;

    select
        i.id, i.shop_id, i.role, i.created_by, i.used_by, i.revoked_at, i.expires_at,
        m.role as member_role
    into v_one
    from market_data.shop_invitations as i
    left join market_data.shop_members as m
        on m.shop_id = i.shop_id
        and m.user_id = p_actor
    where i.token_hash = p_token_hash;

    if not found or v_one.revoked_at is not null then
        raise exception using
            errcode = 'ZNFND', constraint = 'invitation_unknown',
            message = 'there is no such invitation';
    end if;
    -- Whoever used it and was removed since has no way back through it.
    if v_one.used_by <> p_actor or (v_one.used_by = p_actor and v_one.member_role is null) then
        raise exception using
            errcode = 'ZCONF', constraint = 'invitation_used',
            message = 'the invitation was used already';
    end if;
    if v_one.used_by is null and v_one.expires_at <= v_now then
        raise exception using
            errcode = 'ZCONF', constraint = 'invitation_expired',
            message = 'the invitation has ended';
    end if;
    -- The link stays good for the person whom it is meant for.
    if v_one.used_by is null and v_one.member_role is not null then
        raise exception using
            errcode = 'ZCONF', constraint = 'shop_member_already',
            message = 'the acting person is a member of the shop already';
    end if;

    return query
    select
        v_one.id, v_one.shop_id, coalesce(v_one.member_role, v_one.role), v_one.created_by,
        v_one.member_role is not null;
end
$$;

comment on function market.shop_invitation_require(bigint, bytea) is
    'Step: the invitation that a person may accept, and whether they have done so already (the '
    'role is then the one that they have now). Raises: invitation_unknown, invitation_used, '
    'invitation_expired, shop_member_already.';
