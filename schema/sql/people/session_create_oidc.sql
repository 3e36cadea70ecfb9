-- Exchanges a proof that an issuer of OpenID Connect signed for a session; the caller has verified
-- the signature, the issuer, the audience, the time and the nonce. The account is made at the first
-- visit. A proof works once: a repeat is refused and changes nothing. Locks: the identity by
-- advisory lock, only when it is new; then the person, then the proof. A blocked person may sign
-- in.
create or replace function people.session_create_oidc(
    p_issuer text,
    p_subject text,
    p_name text,
    p_language_code text,
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
    v_subject constant text := p_issuer || ' ' || p_subject;
    v_user bigint := people.identity_claim('oidc', v_subject);
    v_is_new constant boolean := v_user is null;
begin
    if v_is_new then
        v_user := people.identity_create(
            'oidc', v_subject, 'user',
            coalesce(rtrim(left(people.name_clean(p_name), 128)), left(p_subject, 128)),
            people.language_of(p_language_code), v_now);
    else
        update people_data.identities as i
        set seen_at = v_now
        where i.provider = 'oidc'
            and i.subject = v_subject;
    end if;
    perform people.proof_use(p_proof_hash, v_user, v_now);

    return query
    select v_user, t.token_id, t.expires_at, v_is_new
    from people.token_store(
        v_user, 'session', people.device_clean(p_device, 'Browser'), p_scopes, p_token_hash,
        p_ttl_seconds, v_now) as t;
end
$$;

comment on function people.session_create_oidc(
    text, text, text, text, bytea, bytea, text[], integer, text) is
    'A session for a verified proof of OpenID Connect, once for each proof. Name, language and '
    'device may be null. Raises: sign_in_replayed, sign_in_proof_size, identity_subject_length, '
    'identity_oidc_subject_has_issuer, token_hash_unique, token_hash_size, token_scopes_known, '
    'token_lifetime_limits.';

grant execute on function people.session_create_oidc(
    text, text, text, text, bytea, bytea, text[], integer, text)
to kardan_api;
