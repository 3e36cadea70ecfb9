-- A step: makes rows of the queue dead letters, which are never due until an administrator tries
-- them again. Without an error of its own a row keeps the last one. The caller has locked the rows;
-- locks their broadcasts in ascending order.
create or replace function notify.outbox_bury(p_ids bigint[], p_errors text[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_broadcasts bigint[];
begin
    if p_ids is null then
        return;
    end if;

    with buried as (
        update notify_data.queue as q
        set state = 'dead',
            due_at = 'infinity',
            error = left(coalesce(d.error, q.error, 'never answered for or too old'), 1000)
        from unnest(p_ids, p_errors) as d (id, error)
        where q.id = d.id
        returning q.broadcast_id
    )
    select array_agg(b.broadcast_id) filter (where b.broadcast_id is not null) into v_broadcasts
    from buried as b;

    perform notify.broadcasts_count(v_broadcasts, array_fill('failed'::text, array[
        coalesce(cardinality(v_broadcasts), 0)]));
end
$$;

comment on function notify.outbox_bury(bigint[], text[]) is
    'Step: makes rows of the queue dead letters. Raises: nothing.';
