-- Guarantees: how many dead letters there are, by lane, kind and what went wrong, the commonest
-- first: an administrator sees at once what one repair would deliver. Reads what was given up by
-- its own index. Locks nothing.
create or replace function notify.dead_letter_count(p_actor bigint)
returns table (
    lane text,
    kind text,
    error text,
    letter_count bigint,
    latest_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select q.lane::text, q.kind, left(q.error, 200), count(*), max(q.event_at)
    from notify_data.queue as q
    where q.state = 'dead'
    group by q.lane, q.kind, left(q.error, 200)
    order by count(*) desc, q.lane, q.kind, left(q.error, 200)
    limit 100;
end
$$;

comment on function notify.dead_letter_count(bigint) is
    'What could not be delivered, counted by lane, kind and the first 200 characters of what went '
    'wrong (may be null), the commonest first, 100 lines at most. latest_at: when the youngest of '
    'them happened. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function notify.dead_letter_count(bigint) to kardan_bot;
