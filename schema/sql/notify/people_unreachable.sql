-- A step: messages do not reach these people: that is noted, and what waits for them is closed, a
-- thousand rows at once; what is left is closed when its turn comes. What another session holds is
-- left to it. Locks: rows of the queue (skipping), then identities in ascending order.
create or replace function notify.people_unreachable(p_users bigint[], p_now timestamptz)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user bigint;
    v_waiting bigint[];
begin
    if p_users is null then
        return;
    end if;

    with waiting as (
        select q.id
        from notify_data.queue as q
        where q.recipient = any (p_users)
            and q.state = 'waiting'
        order by q.id
        limit 1000
        for no key update skip locked
    )
    select array_agg(w.id) into v_waiting from waiting as w;
    perform notify.outbox_close(
        v_waiting, array_fill('unreachable'::text, array[coalesce(cardinality(v_waiting), 0)]),
        null, p_now);

    for v_user in select distinct u.id from unnest(p_users) as u (id) order by u.id loop
        perform people.reachable_set(v_user, false);
    end loop;
end
$$;

comment on function notify.people_unreachable(bigint[], timestamptz) is
    'Step: notes that messages do not reach these people. Raises: nothing.';
