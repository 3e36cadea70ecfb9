-- The acting person's live sessions and tokens, the newest first: their ids carry the time. A
-- blocked person may look.
create or replace function people.token_list(
    p_actor bigint,
    p_limit integer,
    p_after uuid
)
returns table (
    token_id uuid,
    kind text,
    name text,
    scopes text[],
    created_at timestamptz,
    expires_at timestamptz,
    last_used_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform people.actor_known(p_actor);

    return query
    select t.id, t.kind, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at
    from people_data.tokens as t
    where t.user_id = p_actor
        and t.revoked_at is null
        and t.expires_at > v_now
        and (p_after is null or t.id < p_after)
    order by t.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function people.token_list(bigint, integer, uuid) is
    'A person''s sessions and tokens that are neither over nor revoked, newest first. last_used_at '
    'is null for one that was not used yet. Raises: actor_unknown.';

grant execute on function people.token_list(bigint, integer, uuid) to kardan_api, kardan_bot;
