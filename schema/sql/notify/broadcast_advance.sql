-- Guarantees: the running broadcast that is the least far looks at its next 1000 people and tells
-- those of its segment; what it has told, and how far it is, are one transaction, so after a crash
-- it goes on where it was. Does nothing while the queue holds enough of broadcasts (setting
-- broadcast.ahead), so that a pause or an end takes effect soon. Broadcasts whose last message has
-- left the queue are done. A job, and every sender calls it too: two at once take two broadcasts.
-- Locks: the broadcast (skipping), then what notify.tell locks.
create or replace function notify.broadcast_advance()
returns table (
    broadcast_id bigint,
    examined_count integer,
    told_count integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ahead constant integer := ops.setting_integer('broadcast.ahead', 5000);
    v_queued integer;
    v_next record;
    v_people bigint[];
    v_until bigint;
    v_told integer;
begin
    perform notify.broadcasts_end();

    select count(*) into v_queued
    from (select from notify_data.queue as q where q.lane = 'broadcast' limit v_ahead) as n;
    if v_queued >= v_ahead then
        return;
    end if;

    select b.id, b.started_at, b.examined_until into v_next
    from notify_data.broadcasts as b
    where b.state = 'running'
        and not b.examined_all
    order by b.examined_until, b.id
    limit 1
    for no key update skip locked;
    if not found then
        return;
    end if;

    select array_agg(n.user_id), max(n.user_id) into v_people, v_until
    from (
        select r.user_id
        from people.recipients as r
        where r.user_id > v_next.examined_until
        order by r.user_id
        limit 1000
    ) as n;
    v_told := notify.tell(
        array(select s.user_id
            from notify.broadcast_people(v_next.id, v_next.examined_until, v_until) as s),
        'broadcast', 'broadcast:' || v_next.id, v_next.started_at,
        jsonb_build_object('broadcast_id', v_next.id));
    update notify_data.broadcasts as b
    set examined_until = coalesce(v_until, b.examined_until),
        examined_all = coalesce(cardinality(v_people), 0) < 1000,
        told_count = b.told_count + v_told
    where b.id = v_next.id;
    return query select v_next.id, coalesce(cardinality(v_people), 0), v_told;
end
$$;

comment on function notify.broadcast_advance() is
    'Tells the next 1000 people of a running broadcast; no row when there is nothing to do now. '
    'Raises: nothing.';

grant execute on function notify.broadcast_advance()
    to kardan_maintenance, kardan_worker, kardan_bot;
