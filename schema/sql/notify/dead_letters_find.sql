-- A step: locks up to 1000 dead letters of a kind, or of all, the oldest first, leaving out what
-- another session holds.
create or replace function notify.dead_letters_find(p_kind text)
returns bigint[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
begin
    with dead as (
        select q.id
        from notify_data.queue as q
        where q.state = 'dead'
            and (p_kind is null or q.kind = p_kind)
        order by q.event_at, q.id
        limit 1000
        for no key update skip locked
    )
    select array_agg(d.id) into v_ids from dead as d;
    return coalesce(v_ids, '{}');
end
$$;

comment on function notify.dead_letters_find(text) is
    'Step: locks dead letters, 1000 at most. Raises: nothing.';
