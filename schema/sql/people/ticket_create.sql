-- A ticket with which a stream of events is opened once within half a minute, as with the token
-- that it is made with. Takes away those of this token that nobody used in their time. Locks
-- nothing that others wait for. Not idempotent by itself: the same hash a second time is refused.
create or replace function people.ticket_create(
    p_actor bigint,
    p_bearer uuid,
    p_ticket_hash bytea
)
returns table (expires_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform people.actor_require(p_actor, 'user');
    if not exists (
        select
        from people_data.tokens as t
        where t.id = p_bearer
            and t.user_id = p_actor
            and t.revoked_at is null
            and t.expires_at > v_now)
    then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'token_unknown',
            message = 'the acting person has no such token';
    end if;

    delete from people_data.tickets as k
    where k.token_id = p_bearer
        and k.expires_at <= v_now;
    return query
    insert into people_data.tickets as k (ticket_hash, token_id, expires_at)
    values (p_ticket_hash, p_bearer, v_now + interval '30 seconds')
    returning k.expires_at;
end
$$;

comment on function people.ticket_create(bigint, uuid, bytea) is
    'A ticket for one stream of events, good for 30 seconds, as with the token that it is made '
    'with. Raises: actor_unknown, actor_blocked, token_unknown, ticket_hash_unique, '
    'ticket_hash_size.';

grant execute on function people.ticket_create(bigint, uuid, bytea) to kardan_api;
