-- The bot's /start: makes the account, or refreshes the profile of the one that is there and
-- nothing else, except that messages reach them from now on. Locks: the identity by advisory lock,
-- only when it is new; then the person. Idempotent by the Telegram id.
create or replace function people.user_start(
    p_telegram_id bigint,
    p_username text,
    p_first_name text,
    p_last_name text,
    p_photo_url text,
    p_language_code text
)
returns table (
    user_id bigint,
    is_new boolean,
    language text,
    role text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_user bigint;
    v_is_new boolean;
begin
    select s.user_id, s.is_new
    into v_user, v_is_new
    from people.telegram_store(
        p_telegram_id, p_username, p_first_name, p_last_name, p_photo_url, p_language_code,
        v_now) as s;
    -- Whoever starts the bot can be written to again.
    perform people.reachable_set(v_user, true);

    return query
    select u.id, v_is_new, u.language, u.role
    from people_data.users as u
    where u.id = v_user;
end
$$;

comment on function people.user_start(bigint, text, text, text, text, text) is
    'The account of a person who starts the bot, made at the first start; the profile is refreshed '
    'at every one. Everything but the Telegram id and the first name may be null. Raises: '
    'identity_telegram_subject_is_number.';

grant execute on function people.user_start(bigint, text, text, text, text, text) to kardan_bot;
