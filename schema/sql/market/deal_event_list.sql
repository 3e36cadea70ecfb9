-- Guarantees: every step of a deal, the latest first, for its two sides; nobody else learns that it
-- exists. Locks nothing.
create or replace function market.deal_event_list(
    p_actor bigint,
    p_deal uuid,
    p_limit integer,
    p_after_at timestamptz,
    p_after_id bigint
)
returns table (
    event_id bigint,
    at timestamptz,
    from_state text,
    to_state text,
    actor_id bigint,
    reason text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_born timestamptz;
begin
    perform people.actor_known(p_actor);
    if market.deal_sides(p_actor, p_deal) = '{}' then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'deal_unknown',
            message = 'there is no such deal';
    end if;
    select d.created_at into v_born from market_data.deals as d where d.id = p_deal;

    return query
    select e.event_id, e.at, e.from_state, e.to_state, e.actor_id, e.reason
    from market.deal_event_page(p_deal, v_born, p_limit, p_after_at, p_after_id) as e
    order by e.at desc, e.event_id desc;
end
$$;

comment on function market.deal_event_list(bigint, uuid, integer, timestamptz, bigint) is
    'What happened to a deal, the latest first, 1 to 100 at a time (20), after the given event. '
    'from_state is null for the request, actor_id when time did it, reason unless cancelled. '
    'Raises: actor_unknown, deal_unknown.';

grant execute on function market.deal_event_list(bigint, uuid, integer, timestamptz, bigint)
    to kardan_api, kardan_bot;
