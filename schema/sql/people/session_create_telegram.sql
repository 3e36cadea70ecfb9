-- Exchanges a proof that Telegram signed for a session; the caller has verified the signature. The
-- account is made at the first visit. A proof works once and for a day: a repeat is refused and
-- changes nothing, because the whole call is undone. Locks: the identity by advisory lock, only
-- when
-- it is new; then the person, then the proof; so of two calls with one proof at once the second
-- waits and is refused. A blocked person may sign in, to see what is theirs.
create or replace function people.session_create_telegram(
    p_telegram_id bigint,
    p_username text,
    p_first_name text,
    p_last_name text,
    p_photo_url text,
    p_language_code text,
    p_auth_at timestamptz,
    p_proof_hash bytea,
    p_token_hash bytea,
    p_scopes text[],
    p_ttl_seconds integer,
    p_device text
)
returns table (
    user_id bigint,
    token_id uuid,
    expires_at timestamptz,
    is_new boolean
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
    -- A proof from the future is let pass by five minutes, for clocks that differ.
    if p_auth_at is null
        or p_auth_at < v_now - interval '24 hours'
        or p_auth_at > v_now + interval '5 minutes'
    then
        raise exception using
            errcode = 'ZAUTH',
            constraint = 'sign_in_stale',
            message = 'the signed proof is not of the last 24 hours';
    end if;

    select s.user_id, s.is_new
    into v_user, v_is_new
    from people.telegram_store(
        p_telegram_id, p_username, p_first_name, p_last_name, p_photo_url, p_language_code,
        v_now) as s;

    perform people.proof_use(p_proof_hash, v_user, v_now);

    return query
    select v_user, t.token_id, t.expires_at, v_is_new
    from people.token_store(
        v_user, 'session', people.device_clean(p_device, 'Telegram'), p_scopes, p_token_hash,
        p_ttl_seconds, v_now) as t;
end
$$;

comment on function people.session_create_telegram(
    bigint, text, text, text, text, text, timestamptz, bytea, bytea, text[], integer, text) is
    'A session for a verified proof of Telegram, once for each proof. Username, last name, photo, '
    'language and device may be null. Raises: sign_in_stale, sign_in_replayed, sign_in_proof_size, '
    'identity_telegram_subject_is_number, token_hash_unique, token_hash_size, token_scopes_known, '
    'token_lifetime_limits.';

grant execute on function people.session_create_telegram(
    bigint, text, text, text, text, text, timestamptz, bytea, bytea, text[], integer, text)
to kardan_api, kardan_bot;
