-- Who acts with this ticket: the person of the token that it was made with. Guarantees: only once,
-- however many try at the same time. Locks the ticket's row.
create or replace function people.ticket_use(p_ticket_hash bytea)
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
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_token uuid;
begin
    delete from people_data.tickets as k
    where k.ticket_hash = p_ticket_hash
        and k.expires_at > v_now
    returning k.token_id into v_token;

    return query
    select t.id, t.user_id, u.role, t.scopes, u.language, t.expires_at,
        exists (select from people.blocked as b where b.user_id = t.user_id)
    from people_data.tokens as t
    join people_data.users as u on u.id = t.user_id
    where t.id = v_token
        and t.revoked_at is null
        and t.expires_at > v_now;
end
$$;

comment on function people.ticket_use(bytea) is
    'The person behind a ticket, which is used up; no row when it is unknown, over or used, or its '
    'token is. Raises: nothing.';

grant execute on function people.ticket_use(bytea) to kardan_api;
