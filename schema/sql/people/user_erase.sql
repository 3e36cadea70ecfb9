-- The acting person erases themself, for good; they confirm it with their name, as it is shown to
-- them. Who is blocked asks an operator: their account elsewhere would be free at once. Locks: see
-- person_erase. Not to be repeated: nobody acts as the person any more.
create or replace function people.user_erase(p_actor bigint, p_name text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');
    if not exists (
        select
        from people_data.users as u
        where u.id = p_actor
            and u.display_name = people.name_clean(p_name))
    then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'erasure_not_confirmed',
            message = 'the name is not the one of the account';
    end if;
    perform people.person_erase(p_actor, p_actor);
end
$$;

comment on function people.user_erase(bigint, text) is
    'The acting person erases themself and confirms it with their name. Raises: actor_unknown, '
    'actor_blocked, erasure_not_confirmed, erasure_staff, erasure_deal_open, erasure_pieces_held, '
    'shop_last_owner.';

grant execute on function people.user_erase(bigint, text) to kardan_api, kardan_bot;
