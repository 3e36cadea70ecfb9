-- A step: what is made with a token reaches no further than it. Holds the token, so that whoever
-- revokes it now also stops what is being made with it. Null: made without a token.
create or replace function people.token_reach_require(
    p_actor bigint,
    p_bearer uuid,
    p_scopes text[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_bearer is null then
        return;
    end if;
    perform t.id
    from people_data.tokens as t
    where t.id = p_bearer
        and t.user_id = p_actor
        and t.revoked_at is null
        and t.expires_at > ops.clock_now()
        and t.scopes @> p_scopes
    for share;
    if not found then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'token_scopes_exceeded',
            message = 'a token cannot make one that may do more than itself';
    end if;
end
$$;

comment on function people.token_reach_require(bigint, uuid, text[]) is
    'Step: the token that a person acts with is good and has these scopes. Raises: '
    'token_scopes_exceeded.';
