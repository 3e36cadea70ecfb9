-- Which of these tokens let nobody in any more, for a server that keeps connections open: revoked,
-- over, unknown, or of a person who is blocked. An index look-up for each. Locks nothing.
create or replace function people.tokens_ended(p_tokens uuid[])
returns table (token_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select g.id
    from unnest(p_tokens) as g (id)
    left join people_data.tokens as t
        on t.id = g.id
        and t.revoked_at is null
        and t.expires_at > ops.clock_now()
    where t.id is null
        or exists (select from people.blocked as b where b.user_id = t.user_id);
end
$$;

comment on function people.tokens_ended(uuid[]) is
    'Those of these tokens that are over or whose person is blocked. Raises: nothing.';

grant execute on function people.tokens_ended(uuid[]) to kardan_api;
