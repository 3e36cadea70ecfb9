-- A step: what must hold before an owner stops being one. Another owner stays, and links that the
-- former one has given away open nothing any more: they could lead straight back.
-- The caller has locked the shop; locks the open invitations.
create or replace function market.shop_owner_drop(p_shop bigint, p_user bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    if not exists (
        select
        from market_data.shop_members as m
        where m.shop_id = p_shop
            and m.user_id <> p_user
            and m.role = 'owner'
    ) then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'shop_last_owner',
            message = 'a shop keeps at least one owner';
    end if;

    update market_data.shop_invitations as i
    set revoked_at = v_now
    where i.shop_id = p_shop
        and i.created_by = p_user
        and i.used_at is null
        and i.revoked_at is null;
end
$$;

comment on function market.shop_owner_drop(bigint, bigint) is
    'Step: an owner may stop being one while another stays; the open invitations that they made '
    'are revoked. Raises: shop_last_owner.';
