-- A personal token for the acting person; at most 20 that are neither over nor revoked. Locks the
-- person's row, so that two calls at once cannot both make the twentieth. Not idempotent by itself:
-- the same hash a second time is refused. What was made with a token reaches no further than it.
create or replace function people.token_create(
    p_actor bigint,
    p_bearer uuid,
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
    v_ceiling constant integer := 20;
    v_live bigint;
begin
    perform people.actor_require(p_actor, 'user');

    perform u.id from people_data.users as u where u.id = p_actor for no key update;

    perform people.token_reach_require(p_actor, p_bearer, p_scopes);

    select count(*) into v_live
    from people_data.tokens as t
    where t.user_id = p_actor
        and t.kind = 'personal'
        and t.revoked_at is null
        and t.expires_at > v_now;
    if v_live >= v_ceiling then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'token_count_limit',
            message = format('there are %s personal tokens already', v_ceiling);
    end if;

    return query
    select s.token_id, s.name, s.scopes, s.created_at, s.expires_at
    from people.token_store(
        p_actor, 'personal', p_name, p_scopes, p_token_hash, p_ttl_seconds, v_now) as s;
end
$$;

comment on function people.token_create(bigint, uuid, text, text[], bytea, integer) is
    'A person makes a personal token; scopes never reach further than the role, which is checked '
    'at every call, nor than the token that it is made with (null: made without one). '
    'Raises: actor_unknown, actor_blocked, token_scopes_exceeded, token_count_limit, '
    'token_hash_unique, '
    'token_hash_size, token_name_length, token_scopes_known, token_lifetime_limits.';

grant execute on function people.token_create(bigint, uuid, text, text[], bytea, integer)
to kardan_api, kardan_bot;
