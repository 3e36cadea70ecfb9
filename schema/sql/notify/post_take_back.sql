-- A step of any domain: what was queued for a chat is not sent, if no sender has begun to: it has
-- never been taken, or it is a dead letter. Tells whether that is so. Waits for nobody: what
-- somebody else has locked is being sent. Locks the row of the queue.
create or replace function notify.post_take_back(p_chat bigint, p_at timestamptz, p_key text)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant bigint := (
        select o.id
        from notify_data.outbox as o
        where o.recipient = p_chat
            and o.event_at = p_at
            and o.dedup_key = p_key);
begin
    perform
    from notify_data.queue as q
    where q.id = v_id
        and (q.attempts = 0 and q.state = 'waiting' or q.state = 'dead')
    for no key update skip locked;
    if not found then
        return false;
    end if;
    perform notify.outbox_close(array[v_id], array['cancelled'], null, ops.clock_now());
    return true;
end
$$;

comment on function notify.post_take_back(bigint, timestamptz, text) is
    'Step: cancels what notify.post queued and no sender has begun to send, and tells whether it '
    'could. Raises: nothing.';
