-- What user_erase does, for an operator who was asked in another way; audited without an actor.
-- Idempotent: who was erased is gone through again, for what came in between.
create or replace function people.user_erase_by_operator(p_user bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from people_data.users as u where u.id = p_user) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'user_unknown',
            message = 'there is no such person';
    end if;
    perform people.person_erase(null, p_user);
end
$$;

comment on function people.user_erase_by_operator(bigint) is
    'An operator erases a person. Raises: user_unknown, erasure_staff, erasure_deal_open, '
    'erasure_pieces_held, shop_last_owner.';

grant execute on function people.user_erase_by_operator(bigint) to kardan_admin;
