-- Makes a person at the command line, for the first administrator and for demonstrations; audited
-- without an actor. Locks: the identity by advisory lock, only when it is new; then the person.
-- Idempotent by the subject: one that is there stays as it is.
create or replace function people.operator_create(
    p_subject text,
    p_display_name text,
    p_role text,
    p_language text
)
returns table (
    user_id bigint,
    is_new boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_user bigint := people.identity_claim('operator', p_subject);
    v_is_new constant boolean := v_user is null;
begin
    if v_is_new then
        v_user := people.identity_create(
            'operator', p_subject, p_role, people.name_clean(p_display_name), p_language, v_now);
        perform ops.audit_write(
            null, 'user.create', 'user', v_user::text,
            jsonb_build_object('subject', p_subject, 'role', p_role));
    end if;

    return query select v_user, v_is_new;
end
$$;

comment on function people.operator_create(text, text, text, text) is
    'An operator makes a person, or finds the one of that subject unchanged. Raises: '
    'identity_subject_length, user_name_length, user_role_known, user_language_known.';

grant execute on function people.operator_create(text, text, text, text) to kardan_admin;
