-- A step: the person behind a Telegram account, made at the first visit; the profile is refreshed
-- at every visit. Role, language and a name that the person chose here stay. Locks: the identity by
-- advisory lock, only when it is new; then the person. Idempotent by the Telegram id: of two first
-- visits at once the second waits and finds the account of the first.
create or replace function people.telegram_store(
    p_telegram_id bigint,
    p_username text,
    p_first_name text,
    p_last_name text,
    p_photo_url text,
    p_language_code text,
    p_now timestamptz
)
returns table (
    user_id bigint,
    is_new boolean
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_subject constant text := p_telegram_id::text;
    v_name constant text := people.telegram_name(p_first_name, p_last_name, p_username);
    v_user bigint := people.identity_claim('telegram', v_subject);
    v_is_new constant boolean := v_user is null;
begin
    if v_is_new then
        v_user := people.identity_create(
            'telegram', v_subject, 'user', v_name,
            people.language_of(p_language_code), p_now);
    else
        -- The name follows Telegram for as long as it is the one that came from there.
        update people_data.users as u
        set display_name = v_name,
            updated_at = p_now
        from people_data.identities as i
        where u.id = v_user
            and i.provider = 'telegram'
            and i.subject = v_subject
            and u.display_name = people.telegram_name(i.first_name, i.last_name, i.username)
            and u.display_name <> v_name;
    end if;

    update people_data.identities as i
    set username = nullif(p_username, ''),
        first_name = p_first_name,
        last_name = nullif(p_last_name, ''),
        photo_url = nullif(p_photo_url, ''),
        seen_at = p_now
    where i.provider = 'telegram'
        and i.subject = v_subject;

    return query select v_user, v_is_new;
end
$$;

comment on function people.telegram_store(bigint, text, text, text, text, text, timestamptz) is
    'Finds or makes the person behind a Telegram account and refreshes the profile. Without a '
    'language code: Russian; with any but Russian: English. Raises: '
    'identity_telegram_subject_is_number.';
