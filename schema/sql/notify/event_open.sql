-- Somebody begins to listen, from a position that they were given or from now on. Guarantees: where
-- why is null, everything behind the position can still be read. Locks nothing.
create or replace function notify.event_open(
    p_actor bigint,
    p_epoch text,
    p_xid bigint,
    p_at timestamptz
)
returns table (
    epoch text,
    next_xid bigint,
    why text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');

    return query
    select n.epoch, n.next_xid,
        case
            when p_epoch <> n.epoch or p_xid > n.next_xid then 'epoch'
            -- Events are kept for 7 days, by the time when their transaction began.
            when p_at < ops.clock_now() - interval '6 days' then 'old'
        end
    from notify.event_position() as n;
end
$$;

comment on function notify.event_open(bigint, text, bigint, timestamptz) is
    'Where a stream of the acting person begins. The position is that of the last event that was '
    'heard and the time when it was; all null for a new stream. why is null, or says why the '
    'person must load everything anew: epoch, the position is of another line of transactions; '
    'old, some of what came after it is gone. Raises: actor_unknown, actor_blocked.';

grant execute on function notify.event_open(bigint, text, bigint, timestamptz) to kardan_api;
