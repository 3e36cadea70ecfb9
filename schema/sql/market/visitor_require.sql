-- A step: who asks, as a number: a person who may act, or a visitor without an account, below zero.
create or replace function market.visitor_require(p_actor bigint, p_visitor text)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_actor is not null then
        perform people.actor_require(p_actor, 'user');
        return p_actor;
    end if;
    if coalesce(p_visitor, '') = '' then
        raise exception using
            errcode = 'ZINVL', constraint = 'visitor_required',
            message = 'neither a person nor a visitor';
    end if;
    return market.visitor_number(
        market.visitor_salt((ops.clock_now() at time zone 'UTC')::date), p_visitor);
end
$$;

comment on function market.visitor_require(bigint, text) is
    'Step: the number of a person, or of a visitor of today. Raises: actor_unknown, '
    'actor_blocked, visitor_required.';
