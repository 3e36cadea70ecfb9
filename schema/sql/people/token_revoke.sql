-- Ends a session or token of the acting person at once; this is also signing out. A blocked person
-- may do it too. Locks the token's row. Idempotent by state: a second call tells when it was
-- revoked.
create or replace function people.token_revoke(p_actor bigint, p_token uuid)
returns table (
    token_id uuid,
    revoked_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform people.actor_known(p_actor);

    return query
    update people_data.tokens as t
    set revoked_at = coalesce(t.revoked_at, v_now)
    where t.id = p_token
        and t.user_id = p_actor
    returning t.id, t.revoked_at;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'token_unknown',
            message = 'the acting person has no such token';
    end if;
end
$$;

comment on function people.token_revoke(bigint, uuid) is
    'A person ends one of their sessions or tokens. Somebody else''s is as unknown as one that '
    'never was. Raises: actor_unknown, token_unknown.';

grant execute on function people.token_revoke(bigint, uuid) to kardan_api, kardan_bot;
