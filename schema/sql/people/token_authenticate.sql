-- Who acts with this token, and how far it reaches. Read at every request: two index look-ups and
-- the block. Locks nothing.
create or replace function people.token_authenticate(p_token_hash bytea)
returns table (
    token_id uuid,
    user_id bigint,
    role text,
    scopes text[],
    language text,
    expires_at timestamptz,
    is_blocked boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    return query
    select t.id, t.user_id, u.role, t.scopes, u.language, t.expires_at,
        exists (select from people.blocked as b where b.user_id = t.user_id)
    from people_data.tokens as t
    join people_data.users as u on u.id = t.user_id
    where t.token_hash = p_token_hash
        and t.revoked_at is null
        and t.expires_at > v_now;
end
$$;

comment on function people.token_authenticate(bytea) is
    'The person behind a token, by the hash of the token; no row when it is unknown, over or '
    'revoked. Raises: nothing.';

grant execute on function people.token_authenticate(bytea) to kardan_api;
