-- A step: broadcasts that everybody was looked at for, and of which nothing waits or is being
-- delivered any more, are done. Locks them (skipping). Dead letters of it may stay behind.
create or replace function notify.broadcasts_end()
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update notify_data.broadcasts as b
    set state = 'done', finished_at = ops.clock_now(), version = b.version + 1
    where b.id in (
        select o.id
        from notify_data.broadcasts as o
        where o.state = 'running'
            and o.examined_all
            and not exists (
                select from notify_data.queue as q
                where q.broadcast_id = o.id
                    and q.state <> 'dead')
        order by o.id
        for no key update skip locked);
end
$$;

comment on function notify.broadcasts_end() is
    'Step: ends the broadcasts that have told everybody. Raises: nothing.';
