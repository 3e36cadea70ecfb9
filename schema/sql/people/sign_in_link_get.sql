-- What the bot asks a person about a browser that waits: what it is, since when, and three numbers,
-- one of which it shows. The order of the numbers tells nothing. Reads only. A blocked person may
-- sign in, to see what is theirs.
create or replace function people.sign_in_link_get(p_actor bigint, p_link_hash bytea)
returns table (
    device text,
    codes integer[],
    created_at timestamptz,
    expires_at timestamptz
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
    select
        l.device,
        array(select c.code from unnest(l.code || l.decoys) as c (code) order by c.code),
        l.created_at,
        l.expires_at
    from people_data.sign_in_links as l
    where l.link_hash = p_link_hash
        and l.answered_at is null
        and l.expires_at > v_now;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'sign_in_link_unknown',
            message = 'nobody waits with this link';
    end if;
end
$$;

comment on function people.sign_in_link_get(bigint, bytea) is
    'A browser that waits, and three numbers of which it shows one. Raises: actor_unknown, '
    'sign_in_link_unknown.';

grant execute on function people.sign_in_link_get(bigint, bytea) to kardan_bot;
