-- A step: the person behind an identity, with the person's row locked. When there is none yet, the
-- claim is an advisory lock instead: until this transaction ends nobody else can make that
-- identity,
-- so the caller does. Locks: the identity by advisory lock, only when it is new; then the person.
create or replace function people.identity_claim(p_provider text, p_subject text)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user bigint;
begin
    -- Whose an identity is never changes, so it may be read before anything is locked.
    select i.user_id into v_user
    from people_data.identities as i
    where i.provider = p_provider
        and i.subject = p_subject;

    if v_user is null then
        perform pg_advisory_xact_lock(
            hashtextextended(format('people.identity %s %s', p_provider, p_subject), 0));
        -- Somebody may have made it while this transaction waited.
        select i.user_id into v_user
        from people_data.identities as i
        where i.provider = p_provider
            and i.subject = p_subject;
    end if;

    perform u.id from people_data.users as u where u.id = v_user for no key update;
    return v_user;
end
$$;

comment on function people.identity_claim(text, text) is
    'The person behind an identity; null when the caller is to make it now. Raises: nothing.';
