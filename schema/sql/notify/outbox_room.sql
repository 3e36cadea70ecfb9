-- A step of notify.outbox_take: how many messages may be taken now, null when nothing at all may be
-- sent. Locks the row of everybody among the holds, so that of two senders the second sees what the
-- first took. Without a limit it locks nothing.
create or replace function notify.outbox_room(p_limit integer, p_now timestamptz)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_most constant integer := ops.setting_integer('outbox.per_second', 25);
    v_until timestamptz;
    v_taken bigint;
begin
    if v_most = 0 then
        select h.until into v_until
        from notify_data.holds as h
        where h.recipient = 0;
        return case when v_until > p_now then null else p_limit end;
    end if;

    select h.until into v_until
    from notify_data.holds as h
    where h.recipient = 0
    for no key update;
    if v_until > p_now then
        return null;
    end if;

    select coalesce(sum(s.message_count), 0) into v_taken
    from notify_data.leases as s
    where s.taken_at > p_now - interval '1 second';
    return least(p_limit, greatest(0, v_most - v_taken));
end
$$;

comment on function notify.outbox_room(integer, timestamptz) is
    'Step: how many messages may be taken now; null: nothing at all. Raises: nothing.';
