-- A person says which number the browser shows; no number means that it is not theirs. The first
-- answer counts: a wrong number ends the link, so nobody can try all three. Idempotent for the
-- person who answered: what was decided is told again. Locks the link's row.
create or replace function people.sign_in_link_answer(
    p_actor bigint,
    p_link_hash bytea,
    p_code integer
)
returns table (is_granted boolean)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_is_granted boolean;
begin
    perform people.actor_known(p_actor);

    update people_data.sign_in_links as l
    set user_id = p_actor,
        answered_at = v_now,
        is_granted = p_code is not null and l.code = p_code
    where l.link_hash = p_link_hash
        and l.answered_at is null
        and l.expires_at > v_now;

    select l.is_granted into v_is_granted
    from people_data.sign_in_links as l
    where l.link_hash = p_link_hash
        and l.user_id = p_actor
        and l.expires_at > v_now;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'sign_in_link_unknown',
            message = 'nobody waits with this link';
    end if;
    return query select v_is_granted;
end
$$;

comment on function people.sign_in_link_answer(bigint, bytea, integer) is
    'Confirms a browser that waits, or refuses it with a wrong number or none. Raises: '
    'actor_unknown, sign_in_link_unknown.';

grant execute on function people.sign_in_link_answer(bigint, bytea, integer) to kardan_bot;
