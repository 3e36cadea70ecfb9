-- The command line's way to a token for anybody; audited without an actor. No ceiling: an operator
-- counts for himself.
create or replace function people.token_issue(
    p_user bigint,
    p_name text,
    p_scopes text[],
    p_token_hash bytea,
    p_ttl_seconds integer
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
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    if not exists (select from people_data.users as u where u.id = p_user) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'user_unknown',
            message = 'there is no such person';
    end if;

    perform ops.audit_write(
        null, 'token.issue', 'user', p_user::text,
        jsonb_build_object('name', p_name, 'scopes', p_scopes, 'ttl_seconds', p_ttl_seconds));

    return query
    select s.token_id, s.name, s.scopes, s.created_at, s.expires_at
    from people.token_store(
        p_user, 'personal', p_name, p_scopes, p_token_hash, p_ttl_seconds, v_now) as s;
end
$$;

comment on function people.token_issue(bigint, text, text[], bytea, integer) is
    'An operator makes a personal token for a person. Raises: user_unknown, token_hash_unique, '
    'token_hash_size, token_name_length, token_scopes_known, token_lifetime_limits.';

grant execute on function people.token_issue(bigint, text, text[], bytea, integer) to kardan_admin;
