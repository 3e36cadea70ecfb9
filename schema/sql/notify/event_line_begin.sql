-- A job, and the first thing of reading for webhooks: when the database writes in another line of
-- transaction numbers than it did, the line gets a name by chance. When it is another server's, as
-- after a dump was restored, numbers in the log mean nothing here: addresses hear what happens from
-- now on, and what was queued. Locks the row of the line. Repeated it changes nothing.
create or replace function notify.event_line_begin()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_line constant text := notify.event_line();
    v_system constant text := split_part(v_line, ' ', 1);
    v_former text;
begin
    if exists (select from notify_data.event_lines as l where l.line = v_line) then
        return;
    end if;
    select l.system_id into v_former from notify_data.event_lines as l for update;
    insert into notify_data.event_lines as l (
        system_id, line, epoch, began_at, readable_since)
    values (
        v_system, v_line, left(md5(gen_random_uuid()::text), 12), v_now, '-infinity')
    on conflict (is_only) do update
    set system_id = excluded.system_id, line = excluded.line, epoch = excluded.epoch,
        began_at = v_now,
        readable_since = case
            when l.system_id = excluded.system_id then l.readable_since else v_now end
    where l.line <> excluded.line;
    if v_former <> v_system then
        update notify_data.webhook_reading as r
        set told_xid = pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1,
            told_id = 9223372036854775807, read_at = v_now;
        update notify_data.webhooks as w
        set told_xid = pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1,
            told_id = 9223372036854775807, born = pg_current_snapshot(), is_behind = false,
            next_at = v_now;
    end if;
end
$$;

comment on function notify.event_line_begin() is
    'Names the line of transaction numbers in which the database writes, when it is a new one. '
    'Raises: nothing.';

grant execute on function notify.event_line_begin() to kardan_maintenance;
