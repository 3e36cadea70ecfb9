-- A step of erasure: a person leaves their shops; those that were theirs alone lose their words.
-- What they invited to is void, and their programs get in no more. The caller has locked the shops.
-- Idempotent.
create or replace function market.shops_forget(p_user bigint, p_alone bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    update market_data.shops as s
    set name = 'shop ' || s.id, description = ''
    where s.id = any (p_alone)
        and s.name <> 'shop ' || s.id;
    perform notify.webhooks_forget(p_alone);
    delete from market_data.shop_tokens as t
    where t.user_id = p_user
        or t.shop_id = any (p_alone);
    update market_data.shop_invitations as i
    set revoked_at = v_now
    where (i.created_by = p_user or i.shop_id = any (p_alone))
        and i.used_at is null
        and i.revoked_at is null;
    update market_data.shop_members as m
    set invited_by = null
    where m.invited_by = p_user;
    delete from market_data.shop_members as m where m.user_id = p_user;
end
$$;

comment on function market.shops_forget(bigint, bigint[]) is
    'Step: takes a person out of their shops, and the words out of those that were theirs alone. '
    'Raises: nothing.';
