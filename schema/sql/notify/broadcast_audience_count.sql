-- Counts whom a broadcast would be told now. Looks at every person: it takes seconds among hundreds
-- of thousands, and an administrator asks. Locks nothing.
create or replace function notify.broadcast_audience_count(p_actor bigint, p_broadcast bigint)
returns table (
    people_count bigint,
    reachable_count bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');
    perform notify.broadcast_require(
        exists (select from notify_data.broadcasts as b where b.id = p_broadcast), null, null);

    return query
    select count(*), count(*) filter (where s.is_reachable)
    from notify.broadcast_people(p_broadcast, 0, 9223372036854775807) as s
    where not notify.muted(s.user_id, 'news', '{}');
end
$$;

comment on function notify.broadcast_audience_count(bigint, bigint) is
    'How many people are in the segment of a broadcast and have not switched news off, and how '
    'many of them the bot reaches. Raises: actor_unknown, actor_blocked, role_required, '
    'broadcast_unknown.';

grant execute on function notify.broadcast_audience_count(bigint, bigint) to kardan_api, kardan_bot;
