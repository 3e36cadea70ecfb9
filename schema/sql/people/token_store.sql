-- A step: keeps a new session or personal token. Only the hash is known here.
create or replace function people.token_store(
    p_user bigint,
    p_kind text,
    p_name text,
    p_scopes text[],
    p_token_hash bytea,
    p_ttl_seconds integer,
    p_now timestamptz
)
returns table (
    token_id uuid,
    name text,
    scopes text[],
    created_at timestamptz,
    expires_at timestamptz
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    insert into people_data.tokens as t (
        id, kind, user_id, name, token_hash, scopes, created_at, expires_at)
    values (
        ops_data.uuid_v7(p_now),
        p_kind,
        p_user,
        coalesce(people.name_clean(p_name), ''),
        p_token_hash,
        array(select distinct w.scope from unnest(p_scopes) as w (scope) order by w.scope),
        p_now,
        p_now + make_interval(secs => coalesce(p_ttl_seconds, 0)))
    returning t.id, t.name, t.scopes, t.created_at, t.expires_at;
end
$$;

comment on function people.token_store(bigint, text, text, text[], bytea, integer, timestamptz) is
    'Keeps the hash of a new token. Raises: token_hash_unique, token_hash_size, token_name_length, '
    'token_scopes_known, token_lifetime_limits.';
