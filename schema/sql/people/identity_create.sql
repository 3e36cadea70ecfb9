-- A step: makes a person with the first identity. The caller holds the claim on the identity
-- (identity_claim).
create or replace function people.identity_create(
    p_provider text,
    p_subject text,
    p_role text,
    p_display_name text,
    p_language text,
    p_now timestamptz
)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user bigint;
begin
    insert into people_data.users as u (role, display_name, language, created_at, updated_at)
    values (p_role, coalesce(p_display_name, ''), p_language, p_now, p_now)
    returning u.id into v_user;

    insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
    values (p_provider, p_subject, v_user, p_now, p_now);
    return v_user;
end
$$;

comment on function people.identity_create(text, text, text, text, text, timestamptz) is
    'Makes a person with the first identity. Raises: user_role_known, user_name_length, '
    'user_language_known, identity_subject_length, identity_telegram_subject_is_number.';
