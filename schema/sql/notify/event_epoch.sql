-- Guarantees: a name for the line of transaction numbers in which positions of events count. A
-- restore or a failover gives another one, and positions of the former mean nothing then. Until
-- notify.event_line_begin has drawn one by chance, it is made of what is known of the line. Only
-- where writes go: a standby has no timeline of its own.
create or replace function notify.event_epoch()
returns text
language sql
stable
return coalesce(
    (select l.epoch from notify_data.event_lines as l where l.line = notify.event_line()),
    left(md5(notify.event_line()), 12));

comment on function notify.event_epoch() is
    'Helper: in which line of transaction numbers positions of events count. Raises: nothing.';
