-- A step: the person is erased, in every domain, in this transaction. A number is left, for deals
-- and reviews to refer to. Nobody acts as it any more, and who comes back from the same account
-- elsewhere is somebody new. Locks the shops and listings of the person, then the person, so that
-- nothing of theirs comes into being meanwhile; then what changes. The actor is null for an
-- operator.
create or replace function people.person_erase(p_actor bigint, p_user bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_market record;
begin
    perform market.person_lock(p_user);
    perform u.id from people_data.users as u where u.id = p_user for update;
    perform people.erasure_require(p_user);
    -- Histories let words go in the transaction that says so.
    perform set_config('kardan.erasing', pg_current_xact_id()::text, true);

    select f.listings, f.deals, f.told, f.objects
    into v_market
    from market.person_forget(p_actor, p_user) as f;
    perform notify.person_forget(p_user, v_market.listings, v_market.deals, v_market.told);

    delete from people_data.tokens as t where t.user_id = p_user;
    delete from people_data.sign_in_links as l where l.user_id = p_user;
    delete from people_data.identities as i where i.user_id = p_user;
    delete from people_data.exports as e where e.user_id = p_user;
    update people_data.bans as b
    set reason = '...', lift_note = null
    where b.user_id = p_user;
    update people_data.users as u
    set display_name = '...', role = 'user', updated_at = v_now, erased_at = v_now
    where u.id = p_user;

    perform ops.person_forget(
        p_user, v_market.objects || jsonb_build_object('user', array[p_user]));
    perform ops.audit_write(p_actor, 'user.erase', 'user', p_user::text, '{}');
end
$$;

comment on function people.person_erase(bigint, bigint) is
    'Step: erases a person. Raises: erasure_staff, erasure_deal_open, erasure_pieces_held, '
    'shop_last_owner.';
