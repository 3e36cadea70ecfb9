-- Guarantees: an invitation brings in one person. Locks the shop, then the invitation. Idempotent
-- by state: whoever accepted it and still is a member gets the same answer again.
create or replace function market.shop_invitation_accept(
    p_actor bigint,
    p_token_hash bytea
)
returns table (
    shop_id bigint,
    name text,
    role text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_one record;
begin
    perform people.actor_require(p_actor, 'user');

    select r.invitation_id, r.shop_id, r.role, r.created_by, r.is_joined
    into strict v_one
    from market.shop_invitation_require(p_actor, p_token_hash) as r;

    if not v_one.is_joined then
        update market_data.shop_invitations as i
        set used_by = p_actor, used_at = v_now
        where i.id = v_one.invitation_id;
        insert into market_data.shop_members (shop_id, user_id, role, invited_by, joined_at)
        values (v_one.shop_id, p_actor, v_one.role, v_one.created_by, v_now);
        perform ops.audit_write(
            p_actor, 'shop.invitation_accept', 'shop', v_one.shop_id::text,
            jsonb_build_object('invitation_id', v_one.invitation_id, 'role', v_one.role));
    end if;

    return query
    select s.id, s.name, v_one.role
    from market_data.shops as s
    where s.id = v_one.shop_id;
end
$$;

comment on function market.shop_invitation_accept(bigint, bytea) is
    'A person becomes a member of the shop that the link leads into. The link works once. '
    'Raises: actor_unknown, actor_blocked, invitation_unknown, invitation_used, '
    'invitation_expired, shop_member_already.';

grant execute on function market.shop_invitation_accept(bigint, bytea) to kardan_api, kardan_bot;
