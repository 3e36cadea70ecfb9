-- A step: what waits for a group goes to the number that it has now, dead letters too. A message
-- keeps no number when its group moves, so what names messages is cancelled, and so is what the new
-- group was told already; what answers a message no longer does. Locks the group's rows of the
-- queue by number, as a sender's answer does, then what notify.outbox_close locks.
create or replace function notify.chat_move(p_chat bigint, p_new_chat bigint)
returns table (moved_count integer, cancelled_count integer)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_all record;
begin
    perform from notify_data.queue as q where q.recipient = p_chat order by q.id for no key update;

    select
        array_agg(w.id) filter (where w.is_over) as over, array_agg(w.id) as ids,
        min(w.event_at) as since, max(w.event_at) as until
    into v_all
    from (
        select o.id, o.event_at,
            coalesce(o.data -> 'message_ids', '[]') <> '[]' or exists (
                select
                from notify_data.outbox as t
                where t.recipient = p_new_chat
                    and t.event_at = o.event_at
                    and t.dedup_key = o.dedup_key) as is_over
        from notify_data.queue as q
        join notify_data.outbox as o on o.event_at = q.event_at and o.id = q.id
        where q.recipient = p_chat
    ) as w;
    perform notify.outbox_close(
        v_all.over,
        array_fill('cancelled'::text, array[coalesce(cardinality(v_all.over), 0)]),
        null, ops.clock_now())
    where v_all.over is not null;

    update notify_data.outbox as o
    set chat_id = p_new_chat,
        data = case
            when o.data ? 'root_message_id'
            then o.data || '{"root_message_id": null, "reply_to": null}'
            when o.data #> '{params,chat_id}' is not null
            then jsonb_set(o.data, '{params,chat_id}', to_jsonb(p_new_chat))
            else o.data
        end
    where o.recipient = p_chat
        and o.event_at between v_all.since and v_all.until
        and o.id = any (v_all.ids)
        and o.outcome is null;
    update notify_data.queue as q set recipient = p_new_chat where q.recipient = p_chat;
    get diagnostics moved_count = row_count;
    cancelled_count := coalesce(cardinality(v_all.over), 0);
    return next;
end
$$;

comment on function notify.chat_move(bigint, bigint) is
    'Step: what waits for a group of Telegram goes to its new number; tells how much of it, and '
    'how much is told no more. Raises: nothing.';
